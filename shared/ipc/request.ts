import type { z } from 'zod';

/** Roles rank reader < admin; null: anybody, before a user is known. */
export type Role = 'reader' | 'admin';

/** Carries the answer's type and is never set. */
export declare const answerType: unique symbol;

/** One request: the shape of its input, who may ask, and the type of its answer. */
export type Request<Input extends z.ZodType, Answer> = {
  readonly input: Input;
  readonly role: Role | null;
  /** Never set; carries the answer's type. */
  readonly [answerType]?: Answer;
};

/** Declares one request: `asks<Answer>()(role, inputSchema)`. */
export const asks =
  <Answer>() =>
  <Input extends z.ZodType>(role: Role | null, input: Input): Request<Input, Answer> => ({
    input,
    role,
  });
