// Imported first: zod otherwise tries whether it may evaluate strings, and the page's policy reports the attempt.
import { config } from 'zod';

config({ jitless: true });
