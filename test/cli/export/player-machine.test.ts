/** The player of the page, without a page. */
import { expect, test } from "vitest";
import { createPlayer } from "../../../src/cli/export/player-machine.js";

const track = { times: [0, 0, 100, 200, 1000], turns: [0, 1, 4], exchanges: [0, 4] };

test("it begins with all of it, and plays from the beginning when told to", () => {
  const player = createPlayer(track);
  expect([player.position(), player.playing()]).toEqual([5, false]);
  player.toggle();
  expect([player.position(), player.playing()]).toEqual([0, true]);
  expect(player.tick(0)).toBe(true);
  expect(player.position()).toBe(2);
  expect(player.tick(99)).toBe(false);
  expect(player.tick(1)).toBe(true);
  expect(player.position()).toBe(3);
  player.toggle();
  expect(player.tick(5000)).toBe(false);
  player.toggle();
  player.tick(5000);
  expect([player.position(), player.playing()]).toEqual([5, false]);
});

test("speeds have their ends", () => {
  const player = createPlayer(track);
  player.toggle();
  player.faster(1);
  player.tick(50);
  expect([player.speed(), player.position()]).toEqual([2, 3]);
  for (let times = 0; times < 9; times += 1) player.faster(1);
  expect(player.speed()).toBe(16);
  for (let times = 0; times < 9; times += 1) player.faster(-1);
  expect(player.speed()).toBe(0.5);
});

test("steps go by turns, jumps by exchanges, and neither past an end", () => {
  const player = createPlayer(track);
  player.seek(0);
  const steps = [1, 1, 1, 1].map((by) => {
    player.step(by as 1);
    return player.position();
  });
  expect(steps).toEqual([1, 4, 5, 5]);
  player.step(-1);
  expect([player.position(), player.turn()]).toEqual([4, 1]);
  for (let times = 0; times < 4; times += 1) player.step(-1);
  expect(player.position()).toBe(0);
  player.jump(1);
  expect(player.position()).toBe(1);
  player.jump(1);
  expect(player.position()).toBe(5);
  player.jump(1);
  expect(player.position()).toBe(5);
  player.jump(-1);
  expect(player.position()).toBe(1);
});

test("its text alone is all that a page needs", () => {
  const made = new Function(`return (${createPlayer.toString()})`)() as typeof createPlayer;
  expect(made(track).position()).toBe(5);
  expect(made({ times: [], turns: [], exchanges: [] }).turn()).toBe(0);
});
