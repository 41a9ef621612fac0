export { type ProgressLine, progressOn } from './progress.ts';
export {
  type Paint,
  paintFor,
  renderEvidence,
  renderLimit,
  renderTable,
  renderVerdict,
} from './terminal.ts';
