/**
 * A list that is kept in the list store because it is long: its items are there under the SHA-256 of their canonical JSON,
 * one to a line. Nothing but this travels through Temporal.
 */
export interface StoredList {
  /** SHA-256, 64 hex characters. */
  storedList: string;
  /** Items, in the view if there is one. */
  count: number;
  /** Which of `PARTY_VIEWS` is taken of the items when they are read; the items themselves if left out. */
  view?: string;
}

/** A list as it travels: its items, or where they are. */
export type Listed<T> = readonly T[] | StoredList;

/** An input with lists of any depth, each of which may be a reference: activities are given the items. */
export type ByReference<T> = T extends readonly (infer Item)[]
  ? T | Listed<Item>
  : T extends object
    ? { [Key in keyof T]: ByReference<T[Key]> }
    : T;

export function isStored(value: unknown): value is StoredList {
  return typeof value === 'object' && value !== null && 'storedList' in value;
}

export function countOf(list: Listed<unknown>): number {
  return isStored(list) ? list.count : list.length;
}
