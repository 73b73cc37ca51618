// Words for what the service says in codes.

export const VERDICT = {
  valid: ['ok', 'Valid', 'No errors and no open questions were found.'],
  invalid: ['error', 'Invalid', 'At least one error was found.'],
  undetermined: ['open', 'Undetermined', 'No errors found, but an open question could become one.'],
};

export const KINDS = [
  ['error', 'Errors'],
  ['open', 'Undetermined'],
  ['warning', 'Warnings'],
  ['information', 'Information'],
];

export const KIND = { error: 'error', open: 'undetermined', warning: 'warning', information: 'information' };

export const AGREEMENT = {
  compatible: ['ok', 'Compatible', 'Everything that the client requires works.'],
  degraded: [
    'warning',
    'Degraded',
    'Everything that the client requires works; something that it should have does not.',
  ],
  incompatible: ['error', 'Incompatible', 'Something that the client requires does not work.'],
  indeterminate: ['open', 'Indeterminate', 'Whether everything that the client requires works cannot be determined.'],
};

/** How a resource type works with a server. */
export const WORKS = {
  whole: ['ok', 'works'],
  partly: ['warning', 'in part'],
  unknown: ['open', 'unknown'],
  no: ['error', 'does not work'],
  absent: ['error', 'not offered'],
};

/** A code such as `not-needed` in words; what it means is told by the catalogue of rules. */
export const inWords = (code) => String(code).replaceAll('-', ' ');

export const USABLE = {
  granted: 'ok',
  missing: 'error',
  'not asked': 'warning',
  yes: 'ok',
  likely: 'ok',
  no: 'error',
  unknown: 'open',
  ok: 'ok',
  failed: 'error',
};

export const VALIDITY = {
  proven: ['ok', 'Yes, proven', 'Every instance of the first profile is valid against the second.'],
  partial: ['warning', 'In part', 'Instances that meet the conditions are valid against the second profile.'],
  refuted: ['error', 'No, refuted', 'An instance of the first profile is invalid against the second.'],
  unknown: ['open', 'Unknown', 'Neither a proof nor a counterexample was found.'],
};

export const LEVEL = {
  writer: ['error', 'breaking for writers', 'Data that was valid can now be invalid.'],
  reader: ['warning', 'breaking for readers', 'New data can be invalid against the old version.'],
  'must-support': ['warning', 'must-support change', 'What must be supported has changed.'],
  documentation: ['information', 'documentation only', 'Only texts have changed.'],
};
