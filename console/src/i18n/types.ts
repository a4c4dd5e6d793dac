/** Types of the message catalogue: Chinese is the source, English must have the same shape. */

export interface Messages {
  readonly [key: string]: string | Messages;
}

/** Declares the Chinese messages of one feature; literal types are kept, so that `t` knows each message's parameters. */
export function messages<const T extends Messages>(catalogue: T): T {
  return catalogue;
}

/** What a translation must look like: every key of the source, any text. */
export type SameShape<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameShape<T[K]> };

type Join<Prefix extends string, Key extends string> = Prefix extends "" ? Key : `${Prefix}.${Key}`;

/** Dotted paths of all messages: "people.customers.title" */
export type KeysOf<T, Prefix extends string = ""> = {
  [K in keyof T & string]: T[K] extends string ? Join<Prefix, K> : KeysOf<T[K], Join<Prefix, K>>;
}[keyof T & string];

export type MessageAt<T, Key extends string> = Key extends `${infer Head}.${infer Rest}`
  ? Head extends keyof T
    ? MessageAt<T[Head], Rest>
    : never
  : Key extends keyof T
    ? T[Key]
    : never;

/** Names in braces: "{count} 位" -> "count"; "{n|customer|customers}" -> "n" */
export type ParametersIn<Text> = Text extends `${string}{${infer Inner}}${infer Rest}`
  ? (Inner extends `${infer Name}|${string}` ? Name : Inner) | ParametersIn<Rest>
  : never;
