import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readOnBattery } from '../../../electron/host/power-supply.ts';

type Supply = Readonly<Record<string, string>>;
const mains = (online: string): Supply => ({ type: 'Mains', online });
const battery = (status: string): Supply => ({ type: 'Battery', status });

const table: readonly (readonly [string, Readonly<Record<string, Supply>>, boolean])[] = [
  ['a desktop machine without supplies', {}, false],
  ['a laptop on its battery', { AC: mains('0'), BAT0: battery('Discharging') }, true],
  ['a laptop at the mains', { AC: mains('1'), BAT0: battery('Charging') }, false],
  // Some batteries say so although a weak charger is connected.
  [
    'a battery that discharges at the mains',
    { AC: mains('1'), BAT0: battery('Discharging') },
    false,
  ],
  ['a full battery', { BAT0: battery('Full') }, false],
  ['a battery that does not say', { BAT0: battery('Unknown') }, false],
  [
    'a mouse with an empty battery',
    { mouse: { ...battery('Discharging'), scope: 'Device' } },
    false,
  ],
  [
    'a tablet charged by USB',
    { BAT0: battery('Discharging'), usb: { type: 'USB', online: '1' } },
    false,
  ],
];

for (const [name, supplies, expected] of table)
  test(`on battery: ${name}`, (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'fovea-power-'));
    t.after(() => rmSync(folder, { recursive: true }));
    for (const [supply, attributes] of Object.entries(supplies)) {
      mkdirSync(path.join(folder, supply));
      for (const [attribute, value] of Object.entries(attributes))
        writeFileSync(path.join(folder, supply, attribute), `${value}\n`);
    }
    assert.equal(readOnBattery(folder), expected);
  });

test('a system without the power supply class is not on battery', () => {
  assert.equal(readOnBattery('/no/such/folder'), false);
});
