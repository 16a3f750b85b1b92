/**
 * The least that tags a photo: ONNX Runtime, sharp, one session, one picture. What a bundled function is measured against. Prints as JSON
 * when it was done. Its environment: ONNX, a model's file; SIDE, of what it takes; PHOTO.
 */
import fs from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

const { ONNX, SIDE, PHOTO } = process.env;
const side = Number(SIDE);
const session = await InferenceSession.create(ONNX, { intraOpNumThreads: 1, interOpNumThreads: 1 });
const pixels = await sharp(fs.readFileSync(PHOTO)).resize(side, side).removeAlpha().raw().toBuffer();
const { probabilities } = await session.run({ images: new Tensor('uint8', pixels, [1, side, side, 3]) });
if (probabilities.data.length === 0) throw new Error('It gave no scores');
const at = performance.timeOrigin + performance.now();
process.stderr.write(JSON.stringify({ at, peakMb: process.resourceUsage().maxRSS / 1024 }), () => process.exit());
