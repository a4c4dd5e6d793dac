import { describe, expect, it } from "vitest";
import { en } from "@/i18n/en";
import { fill } from "@/i18n/fill";
import { zh } from "@/i18n/zh";

type Node = string | { readonly [key: string]: Node };

function texts(node: Node, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  return Object.entries(node).flatMap(([key, child]) => texts(child, path ? `${path}.${key}` : key));
}
const parameters = (text: string) => new Set([...text.matchAll(/\{([^{}|]+)/g)].map((match) => match[1] ?? ""));

describe("the catalogue", () => {
  const english = new Map(texts(en));

  it("uses in English only the parameters that the Chinese source is given", () => {
    const wrong = texts(zh).filter(([key, text]) => [...parameters(english.get(key) ?? "")].some((name) => !parameters(text).has(name)));
    expect(wrong).toEqual([]);
  });

  it("has no empty text and no exclamation mark", () => {
    const wrong = [...texts(zh), ...english].filter(([, text]) => text.trim() === "" || /[!！]/.test(text));
    expect(wrong).toEqual([]);
  });

  it("has no Chinese in English but for the switch to Chinese", () => {
    const wrong = [...english].filter(([key, text]) => /[\u4e00-\u9fff]/.test(text) && key !== "shell.user.language");
    expect(wrong).toEqual([]);
  });
});

describe("fill", () => {
  it("groups numbers and chooses the word by the number", () => {
    expect(fill("{n} {n|order|orders}", { n: 20316 })).toBe("20,316 orders");
    expect(fill("{n} {n|order|orders}", { n: 1 })).toBe("1 order");
  });
  it("leaves what it was not given, and writes a real minus sign", () => {
    expect(fill("{a} {b}", { a: -3 })).toBe("\u22123 {b}");
  });
});
