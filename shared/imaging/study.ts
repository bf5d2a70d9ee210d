/** Modalities the station reads: MG mammography, OP ophthalmic photography, OT anything else. */
export const modalities = ['MG', 'OP', 'OT'] as const;
export type Modality = (typeof modalities)[number];

/** DICOM Image Laterality (0020,0062). */
export const lateralities = ['L', 'R'] as const;
export type Laterality = (typeof lateralities)[number];

export const imageFormats = ['dicom', 'jpeg', 'png'] as const;
export type ImageFormat = (typeof imageFormats)[number];

/** A reader's overall assessment of a study. */
export const assessments = ['normal', 'benign', 'suspicious'] as const;
export type Assessment = (typeof assessments)[number];

/** A study is unread, being read, or read by somebody. */
export const studyStatuses = ['unread', 'in-progress', 'read'] as const;
export type StudyStatus = (typeof studyStatuses)[number];
