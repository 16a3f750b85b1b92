import { SingleBar } from 'cli-progress';

const MEGABYTE = 1e6;

/** How far a download is: a bar on a terminal, one line elsewhere, on standard error. */
export function downloadProgress(name: string) {
  let bar: SingleBar | undefined;
  let isShown = false;
  const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1);
  return {
    update(doneBytes: number, totalBytes: number | undefined): void {
      if (!process.stderr.isTTY) {
        const size = totalBytes === undefined ? '' : `, ${megabytes(totalBytes)} MB`;
        if (!isShown)
          process.stderr.write(
            `Downloading ${name}${size}${doneBytes > 0 ? `, from ${megabytes(doneBytes)} MB on` : ''}\n`,
          );
        isShown = true;
        return;
      }
      bar ??= startedBar(name, megabytes);
      bar.setTotal(totalBytes ?? doneBytes);
      bar.update(doneBytes);
    },
    stop: () => bar?.stop(),
  };
}

function startedBar(name: string, megabytes: (bytes: number) => string): SingleBar {
  const bar = new SingleBar({
    format: `${name} {bar} {value} of {total} MB`,
    formatValue: (value, _, type) => (type === 'value' || type === 'total' ? megabytes(value) : String(value)),
    clearOnComplete: true,
  });
  bar.start(0, 0);
  return bar;
}
