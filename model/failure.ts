/**
 * Who has to act on a failure. `transient`: it may pass, Temporal retries. `refused`: Canton or the plan says
 * no, an operator changes something and resumes. `mismatch`: what was read disagrees with what was written.
 */
export type FailureKind = 'transient' | 'refused' | 'mismatch';
