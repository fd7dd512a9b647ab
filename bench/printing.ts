export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}

export function ratio(value: number, baseline: number): string {
  return `${(value / baseline).toFixed(2)} x`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
