import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENVIRONMENT } from '#config';
import { LOCK_PATH, lockText } from '#workshop/learner/lock';
import { writeAtlasPage } from '../atlas/render.ts';
import { writeClaimsPage } from '../claims/render.ts';
import { renderDocuments } from './render/documents.ts';
import { ROOT, readTree } from './tree.ts';

/** Writes the generated parts of `.env.example`, the READMEs and the atlas, and `exercises/claims.lock`: `npm run fix` runs it. */
const files = readTree();
for (const { path, text } of renderDocuments(files, ENVIRONMENT)) {
  writeFileSync(join(ROOT, path), text);
}
writeFileSync(join(ROOT, LOCK_PATH), lockText(files));
writeAtlasPage();
writeClaimsPage();
