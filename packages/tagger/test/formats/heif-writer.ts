/** Gives the primary picture of a HEIF file (ISO 14496-12 and 23008-12) one more property, as an encoder would have written it. */
export function withProperty(file: Buffer, type: string, content: Buffer): Buffer {
  const box = Buffer.concat([u32(8 + content.length), Buffer.from(type, 'latin1'), content]);
  const meta = boxAt(file, 0, 'meta');
  const iprp = boxAt(file, meta + 12, 'iprp');
  const ipco = boxAt(file, iprp + 8, 'ipco');
  const ipma = boxAt(file, iprp + 8, 'ipma');
  let properties = 0;
  for (let at = ipco + 8; at < ipco + file.readUInt32BE(ipco); at += file.readUInt32BE(at)) properties++;
  const primary = file.readUInt16BE(boxAt(file, meta + 12, 'pitm') + 12);
  const associations = withAssociation(file.subarray(ipma, ipma + file.readUInt32BE(ipma)), primary, properties + 1);
  const ipcoEnd = ipco + file.readUInt32BE(ipco);
  const ipmaEnd = ipma + file.readUInt32BE(ipma);
  const added = box.length + associations.length - (ipmaEnd - ipma);
  const parts = [file.subarray(0, ipcoEnd), box, file.subarray(ipcoEnd, ipma), associations, file.subarray(ipmaEnd)];
  const written = Buffer.concat(parts);
  const grow = (at: number, by: number) => written.writeUInt32BE(written.readUInt32BE(at) + by, at);
  grow(meta, added);
  grow(iprp, added);
  grow(ipco, box.length);
  moveExtents(written, boxAt(written, meta + 12, 'iloc'), ipcoEnd, added);
  return written;
}

/** nclx: ITU-T H.273's code points, full range. */
export function codedColours(primaries: number, transfer: number, matrix = 6): Buffer {
  const content = Buffer.from('nclx\0\0\0\0\0\0\x80', 'latin1');
  content.writeUInt16BE(primaries, 4);
  content.writeUInt16BE(transfer, 6);
  content.writeUInt16BE(matrix, 8);
  return content;
}

/** clap: size and distance of the centres, in whole pixels. */
export function cleanAperture(width: number, height: number, right: number, down: number): Buffer {
  return Buffer.concat([width, 1, height, 1, right, 1, down, 1].map(u32));
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function boxAt(file: Buffer, from: number, type: string): number {
  let at = from;
  while (file.toString('latin1', at + 4, at + 8) !== type) at += file.readUInt32BE(at);
  return at;
}

/** Of one item: an index of 7 bits. */
function withAssociation(ipma: Buffer, primary: number, index: number): Buffer {
  const parts = [ipma.subarray(0, 16)];
  for (let at = 16; at < ipma.length; ) {
    const count = ipma[at + 2]!;
    const end = at + 3 + count;
    const isPrimary = ipma.readUInt16BE(at) === primary;
    parts.push(ipma.subarray(at, at + 2), Buffer.from([count + (isPrimary ? 1 : 0)]), ipma.subarray(at + 3, end));
    if (isPrimary) parts.push(Buffer.from([index]));
    at = end;
  }
  const written = Buffer.concat(parts);
  written.writeUInt32BE(written.length);
  return written;
}

/** iloc of version 0 or 1, with offsets of four bytes: those behind a place move on. */
function moveExtents(file: Buffer, iloc: number, behind: number, by: number): void {
  const version = file[iloc + 8]!;
  const baseBytes = file[iloc + 13]! >> 4;
  const items = file.readUInt16BE(iloc + 14);
  const move = (at: number) => {
    if (file.readUInt32BE(at) >= behind) file.writeUInt32BE(file.readUInt32BE(at) + by, at);
  };
  for (let item = 0, at = iloc + 16; item < items; item++) {
    const isInFile = version === 0 || (file.readUInt16BE(at + 2) & 15) === 0;
    at += version === 0 ? 4 : 6;
    if (baseBytes === 4 && isInFile) move(at);
    at += baseBytes;
    const extents = file.readUInt16BE(at);
    at += 2;
    for (let i = 0; i < extents; i++, at += 8) if (isInFile) move(at);
  }
}
