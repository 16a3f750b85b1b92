import fs from 'node:fs/promises';
import { parseStackOptions } from '@tagmill/cdk/options';
import { TagmillError } from '@tagmill/core';
import { loadPrices } from '@tagmill/costs';
import { describeMachine, findNearestProfile, LatencyModel, loadProfiles } from '@tagmill/policy';
import { collectFigures, computeReceipt, computeVariantCosts, renderReport } from '@tagmill/report';
import { type CatalogueOptions, modelDirectories, openCatalogue } from '../models/catalogues.ts';
import { formatCount } from '../output/format-count.ts';
import { type ApiChoice, findApi, nothingFound, storedImages, tellUnreadable } from '../stack/stored-images.ts';

export interface ReportCommandOptions extends ApiChoice, CatalogueOptions {
  output: string;
  /** Of the function that the receipt is for. */
  memory?: number;
}

/** `tagmill report`: writes outcomes, times and costs of all images as one HTML file that loads nothing. */
export async function report({ output, memory, models, ...choice }: ReportCommandOptions): Promise<void> {
  const catalogueOptions = models === undefined ? {} : { models };
  const { variants } = await openCatalogue(catalogueOptions);
  const nearest = findNearestProfile(await loadProfiles(modelDirectories(catalogueOptions)), describeMachine());
  const prices = loadPrices();
  const { memoryMb, batchSize: imagesPerBatch } = parseStackOptions({});

  const found = nothingFound();
  const figures = await collectFigures(storedImages(await findApi(choice), {}, found));
  const ran = variants.filter(({ variant }) => figures.variants.has(variant));
  const page = await renderReport({
    title: `Tagging report of ${choice.stack ?? choice.endpoint ?? 'the local stack'}`,
    at: new Date(),
    figures,
    catalogue: variants,
    prices,
    receipt: computeReceipt(figures, prices, { memoryMb: memory ?? memoryMb, imagesPerBatch }),
    variantCosts: computeVariantCosts(figures, ran, new LatencyModel(nearest), prices, { imagesPerBatch }),
    processor: nearest.profile.machine.processor,
  });
  await fs.writeFile(output, page).catch((cause) => {
    throw new TagmillError('unreadable', `Cannot write ${output}: ${cause.code}`, { cause });
  });
  process.stderr.write(`${formatCount(figures.seen.length, 'image')} reported in ${output}\n`);
  await tellUnreadable(found.unreadable, choice);
}
