/** Mean and deviation of ImageNet's channels, by which views are scaled in training. */
export const imageMeans = [0.485, 0.456, 0.406] as const;
export const imageDeviations = [0.229, 0.224, 0.225] as const;
