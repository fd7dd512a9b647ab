/** Of a question that a node, Temporal or a bucket answers at once: what does not answer holds nothing else up. */
export const ANSWER_LIMIT_MS = 10_000;

/** Fails unless there is an answer in time. */
export async function answered<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`no answer within ${ANSWER_LIMIT_MS / 1000} s`));
    timer = setTimeout(fail, ANSWER_LIMIT_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
