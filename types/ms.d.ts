// The SDK's `Duration` is silently `any` under nodenext, because the types of `ms` do not resolve.
declare module 'ms' {
  export type StringValue =
    `${number}${'ms' | 's' | 'm' | 'h' | 'd' | ' seconds' | ' minutes' | ' hours' | ' days'}`;
}
