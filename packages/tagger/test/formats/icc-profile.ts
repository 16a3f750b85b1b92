/** An ICC profile (ICC.1:2022) of a curve and three colours, as far as colour management needs one. */
export function iccProfile({ curve, colours }: { curve: Buffer; colours: readonly (readonly number[])[] }): Buffer {
  const tags: [string, Buffer][] = [
    ...['rTRC', 'gTRC', 'bTRC'].map((name): [string, Buffer] => [name, curve]),
    ...['rXYZ', 'gXYZ', 'bXYZ'].map((name, i): [string, Buffer] => [name, xyz(colours[i]!)]),
    ['wtpt', xyz(D50)],
  ];
  const table = Buffer.alloc(4 + tags.length * 12);
  table.writeUInt32BE(tags.length);
  let offset = 128 + table.length;
  for (const [index, [name, { length }]] of tags.entries()) {
    table.write(name, 4 + index * 12, 'latin1');
    table.writeUInt32BE(offset, 8 + index * 12);
    table.writeUInt32BE(length, 12 + index * 12);
    offset += length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset);
  header.writeUInt32BE(0x02_40_00_00, 8);
  header.write('mntrRGB XYZ ', 12, 'latin1');
  header.write('acsp', 36, 'latin1');
  header.set(xyz(D50).subarray(8), 68);
  return Buffer.concat([header, table, ...tags.map(([, content]) => content)]);
}

const D50 = [0.9642, 1, 0.8249];

function xyz(values: readonly number[]): Buffer {
  return Buffer.concat([Buffer.from('XYZ \0\0\0\0', 'latin1'), ...values.map(fixed)]);
}

/** curveType: a gamma, or values at equal distances. */
export function sampledCurve(values: readonly number[]): Buffer {
  const [gamma] = values;
  const samples = values.length === 1 ? [gamma! * 256] : values.map((value) => value * 65_535);
  const content = Buffer.alloc(12 + Math.ceil(samples.length / 2) * 4);
  content.write('curv', 'latin1');
  content.writeUInt32BE(samples.length, 8);
  for (const [i, sample] of samples.entries()) content.writeUInt16BE(Math.round(sample), 12 + i * 2);
  return content;
}

/** parametricCurveType: g, a, b and so on, as many as its kind has. */
export function parametricCurve(kind: number, parameters: readonly number[]): Buffer {
  const begin = Buffer.from('para\0\0\0\0\0\0\0\0', 'latin1');
  begin.writeUInt16BE(kind, 8);
  return Buffer.concat([begin, ...parameters.map(fixed)]);
}

function fixed(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(Math.round(value * 65_536));
  return bytes;
}
