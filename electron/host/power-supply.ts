import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Text of one attribute of a power supply; empty where it has none. */
function readAttribute(folder: string, supply: string, name: string): string {
  try {
    return readFileSync(path.join(folder, supply, name), 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * Whether a Linux machine runs on its battery, by the kernel's power_supply class
 * (Documentation/ABI/testing/sysfs-class-power): a system battery discharges and no mains or USB supply is online.
 * False where that cannot be known, on other systems too. Batteries of mice and headsets (scope Device) do not count.
 */
export function readOnBattery(folder = '/sys/class/power_supply'): boolean {
  let supplies: readonly string[];
  try {
    supplies = readdirSync(folder);
  } catch {
    return false;
  }
  let discharging = false;
  for (const supply of supplies) {
    const type = readAttribute(folder, supply, 'type');
    if (type === 'Battery') {
      if (readAttribute(folder, supply, 'scope') === 'Device') continue;
      discharging ||= readAttribute(folder, supply, 'status') === 'Discharging';
    } else if (readAttribute(folder, supply, 'online') === '1') return false;
  }
  return discharging;
}
