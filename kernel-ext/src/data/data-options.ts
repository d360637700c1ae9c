/** Options of every data set. */
export interface DataOptions {
  /** Receives two lines about the download. Default: a progress bar shows it. */
  onProgress?: (line: string) => void;
}
