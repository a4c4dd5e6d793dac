import { describe, expect, it } from "vitest";
import { withQuery } from "@/api/client";
import { covers } from "@/app/covers";
import { returnPath } from "@/app/returnPath";

describe("addresses", () => {
  it("lead back only into the console after sign-in", () => {
    expect(returnPath("/customers?q=1")).toBe("/customers?q=1");
    for (const bad of ["//evil.example", "/\\evil.example", "https://evil.example", "/sign-in", null]) expect(returnPath(bad)).toBe("/");
  });
  it("belong to the menu entry above them", () => {
    expect(covers("/customers", "/customers/12")).toBe(true);
    expect(covers("/", "/customers")).toBe(false);
    expect(covers("/commerce/orders", "/commerce/orders-old")).toBe(false);
  });
  it("leave out what is empty and repeat what is many", () => {
    expect(withQuery("/a", { q: "", page: 2, tag: [3, 4], none: null })).toBe("/a?page=2&tag=3&tag=4");
  });
});
