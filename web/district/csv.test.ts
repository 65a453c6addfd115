import { expect, it } from "vitest";
import { csv } from "./csv.ts";

it.each([
  [[["a", 1]], "a,1"],
  [[["=1+1", "+972", "-5", "@x", "\tx"]], "'=1+1,'+972,'-5,'@x,'\tx"],
  [[['רח" הרצל, 5', "שורה\nשנייה"]], '"רח"" הרצל, 5","שורה\nשנייה"'],
  [[[-5, 0.5]], "-5,0.5"],
])("%j", (rows, text) => {
  expect(csv(rows)).toBe(text);
});
