export { renderCheck } from './check.ts';
export { count } from './count.ts';
export {
  PICTURE_BYTES,
  type Picture,
  type PictureClaim,
  type PictureFacts,
  type PictureSide,
  renderPicture,
} from './picture.ts';
export { type ProgressLine, progressOn } from './progress.ts';
export {
  type Paint,
  paintFor,
  renderEvidence,
  renderPair,
  renderTable,
  renderVerdict,
} from './terminal.ts';
