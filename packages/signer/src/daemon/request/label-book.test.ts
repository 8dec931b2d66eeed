import { expect, test } from "vitest";
import { Failure } from "../../domain/failure.ts";
import { addressOf, FakeLog } from "../../domain/fakes.ts";
import { parseLabel } from "../operator/labels.ts";
import { labelBook } from "./label-book.ts";

test("known() is all labels as they are now", async () => {
  const labels = new Map([[addressOf("a"), parseLabel("Savings")]]);
  const book = labelBook({ all: async () => labels }, new FakeLog());
  await expect(book.known()).resolves.toEqual(labels);
});

test("known() is none while they can't be read, and warns once each time that begins", async () => {
  const log = new FakeLog();
  let isBroken = true;
  const book = labelBook(
    {
      async all() {
        if (isBroken) throw new Failure("store.refused", "no labels");
        return new Map();
      },
    },
    log,
  );
  await book.known();
  await expect(book.known()).resolves.toEqual(new Map());
  expect(log.lines).toHaveLength(1);
  isBroken = false;
  await book.known();
  isBroken = true;
  await book.known();
  expect(log.lines).toHaveLength(2);
});

test("known() lets a bug through", async () => {
  const all = () => Promise.reject(new TypeError("bug"));
  await expect(labelBook({ all }, new FakeLog()).known()).rejects.toThrow("bug");
});
