/** The encodings that a text may be read in where the one that was recognised is wrong. */
export const ENCODINGS = ['UTF-8', 'GB18030', 'Big5', 'UTF-16LE', 'UTF-16BE', 'EUC-TW', 'HZ'];
