import type { ReportFormat } from '../model/kept-report.js';
import { visibleJson } from '../model/shown-text.js';
import type { ReportDocument } from './document.js';
import { pageOf } from './page.js';
import { BEGINNINGS, seal, type SigningKey } from './seal.js';
import { textOf } from './text.js';

/** The whole file of a report in a format, signed if there is a key. */
export function writeReport(document: ReportDocument, format: ReportFormat, key?: SigningKey): string {
  switch (format) {
    case 'text':
      return seal(textOf(document, key?.fingerprint), format, key);
    case 'html':
      return seal(pageOf(document, key?.fingerprint), format, key);
    case 'json':
      return seal(BEGINNINGS.json + visibleJson(document).slice(1, -1), format, key);
  }
}
