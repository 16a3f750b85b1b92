import { expect, test } from '@jest/globals';
import sharp from 'sharp';
import { turnUpright } from '../../src/pixels/orientation.ts';

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'a picture that is stored by orientation %i is turned as by libvips',
  async (orientation) => {
    const [width, height] = [5, 3];
    const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => i);
    const stored = await sharp(data, { raw: { width, height, channels: 3 } })
      .png()
      .withMetadata({ orientation })
      .toBuffer();
    const expected = await sharp(stored).autoOrient().raw().toBuffer({ resolveWithObject: true });
    const turned = turnUpright({ data, width, height }, orientation);
    expect(Buffer.from(turned.data)).toEqual(expected.data);
    expect(expected.info).toMatchObject({ width: turned.width, height: turned.height });
  },
);
