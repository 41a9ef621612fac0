import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT } from '#config';
import { writeAtlasPage } from '../atlas/render.ts';
import { writeClaimsPage } from '../claims/render.ts';
import { renderDocuments } from './render/documents.ts';
import { ROOT, readTree } from './tree.ts';

/** Writes the generated parts of `.env.example`, of the README and of the atlas: `npm run fix` runs it. */
for (const { path, text } of renderDocuments(readTree(), ENVIRONMENT)) {
  writeFileSync(join(ROOT, path), text);
}
writeAtlasPage();
writeClaimsPage();
