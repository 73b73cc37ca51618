// Examples to start from: small, made up, about nobody.

const lines = (value) => JSON.stringify(value, null, 2);
const US = 'http://hl7.org/fhir/us/core/StructureDefinition/';

const PATIENT = lines({
  resourceType: 'Patient',
  id: 'ada',
  meta: { profile: [`${US}us-core-patient`] },
  identifier: [{ system: 'https://clinic.example/mrn', value: '12345' }],
  name: [
    { use: 'official', family: 'Okafor', given: ['Ada', 'Ife'] },
    { use: 'nickname', given: ['Addie'] },
  ],
  telecom: [{ system: 'phone', value: '+1 555 0100', use: 'home' }],
  gender: 'female',
  birthDate: '1987-04-12',
});

const FAULTY = lines({
  resourceType: 'Patient',
  id: 'ada',
  meta: { profile: [`${US}us-core-patient`] },
  extension: [
    {
      url: `${US}us-core-race`,
      extension: [{ url: 'ombCategory', valueCoding: { system: 'urn:oid:2.16.840.1.113883.6.238', code: '2106-3' } }],
    },
  ],
  identifier: [{ value: '12345' }],
  name: [{ use: 'official', family: 'Okafor', given: 'Ada' }],
  gender: 'F',
  birthDate: '1987-02-30',
});

const OPEN = lines({
  resourceType: 'Patient',
  meta: { profile: ['https://clinic.example/StructureDefinition/our-patient'] },
  name: [{ family: 'Okafor' }],
});

const PRESSURE = `<?xml version="1.0" encoding="UTF-8"?>
<Observation xmlns="http://hl7.org/fhir">
  <meta>
    <profile value="http://hl7.org/fhir/StructureDefinition/bp"/>
  </meta>
  <status value="final"/>
  <category>
    <coding>
      <system value="http://terminology.hl7.org/CodeSystem/observation-category"/>
      <code value="vital-signs"/>
    </coding>
  </category>
  <code>
    <coding>
      <system value="http://loinc.org"/>
      <code value="85354-9"/>
    </coding>
  </code>
  <subject>
    <reference value="Patient/ada"/>
  </subject>
  <effectiveDateTime value="2026-02-31"/>
  <component>
    <code>
      <coding>
        <system value="http://loinc.org"/>
        <code value="8480-6"/>
      </coding>
    </code>
    <valueQuantity>
      <value value="120"/>
      <unit value="mmHg"/>
      <system value="http://unitsofmeasure.org"/>
      <code value="mm"/>
    </valueQuantity>
  </component>
</Observation>
`;

const NDJSON = [
  { resourceType: 'Patient', id: 'one', gender: 'female', birthDate: '1987-04-12' },
  { resourceType: 'Patient', id: 'two', gender: 'unsure', birthDate: '1990-11-02' },
  {
    resourceType: 'Patient',
    id: 'three',
    meta: { profile: ['https://clinic.example/StructureDefinition/our-patient'] },
  },
]
  .map((patient) => JSON.stringify(patient))
  .join('\n');

/** `[name, text]` */
export const INSTANCES = [
  ['Patient with mistakes (JSON)', FAULTY],
  ['Patient that is valid (JSON)', PATIENT],
  ['Patient of a profile that is not loaded', OPEN],
  ['Blood pressure with mistakes (XML)', PRESSURE],
  ['Three patients (NDJSON)', NDJSON],
];

/** `[name, expression, context, text]` */
export const EXPRESSIONS = [
  ['Names in one line each', "name.select(use & ': ' & given.join(' '))", '', PATIENT],
  ['With a trace', "name.where(use = 'official').given.trace('given').first() | name.family", '', PATIENT],
  ['For each name', 'given.count() > 1', 'Patient.name', PATIENT],
  ['A slip of the pen', 'name.given.frist()', '', PATIENT],
];

const interactions = (...codes) => codes.map((code) => ({ code }));
const parameters = (all) => Object.entries(all).map(([name, type]) => ({ name, type }));
const EXPECTATION = 'http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation';
const expected = (item, code) => ({ extension: [{ url: EXPECTATION, valueCode: code }], ...item });
const statement = (name, kind, mode, resource) =>
  lines({
    resourceType: 'CapabilityStatement',
    name,
    status: 'active',
    date: '2026-11-01',
    kind,
    fhirVersion: '4.0.1',
    format: ['json'],
    rest: [{ mode, resource }],
    ...(kind === 'instance' ? { implementation: { description: name } } : {}),
  });

const CLIENT = statement('NotesApp', 'requirements', 'client', [
  {
    type: 'Patient',
    supportedProfile: [`${US}us-core-patient|6.1.0`],
    interaction: [expected({ code: 'read' }, 'SHALL')],
  },
  {
    type: 'Observation',
    supportedProfile: [`${US}us-core-observation-lab|6.1.0`],
    interaction: [expected({ code: 'search-type' }, 'SHALL'), expected({ code: 'create' }, 'SHOULD')],
    searchParam: [
      expected({ name: 'patient', type: 'reference' }, 'SHALL'),
      expected({ name: 'date', type: 'date' }, 'SHOULD'),
    ],
  },
]);

const SERVER = statement('ClinicServer', 'instance', 'server', [
  {
    type: 'Patient',
    supportedProfile: [`${US}us-core-patient|6.1.0`],
    interaction: interactions('read', 'search-type'),
    searchParam: parameters({ _id: 'token', identifier: 'token' }),
  },
  {
    type: 'Observation',
    supportedProfile: [`${US}us-core-observation-lab|6.1.0`],
    interaction: interactions('read', 'search-type'),
    searchParam: parameters({ patient: 'reference', date: 'date', category: 'token' }),
  },
]);

const SMALL_SERVER = statement('SmallServer', 'instance', 'server', [
  { type: 'Patient', interaction: interactions('read') },
  { type: 'Observation', interaction: interactions('read'), searchParam: [] },
]);

export const SMART = lines({
  authorization_endpoint: 'https://clinic.example/authorize',
  token_endpoint: 'https://clinic.example/token',
  capabilities: [
    'launch-standalone',
    'client-public',
    'context-standalone-patient',
    'permission-patient',
    'permission-v2',
    'sso-openid-connect',
  ],
  scopes_supported: ['openid', 'fhirUser', 'launch/patient', 'patient/*.rs'],
  grant_types_supported: ['authorization_code'],
  code_challenge_methods_supported: ['S256'],
});

export const SCOPE = 'launch/patient openid fhirUser patient/Patient.rs patient/Observation.crs';
export const CLIENTS = [['An app that reads laboratory results', CLIENT]];
export const SERVERS = [
  ['A clinic’s server', SERVER],
  ['A small server', SMALL_SERVER],
];

/** `[name, question, left, right]` */
export const PAIRS = [
  ['US Core Patient, two versions', 'satisfies', `${US}us-core-patient|6.1.0`, `${US}us-core-patient|7.0.0`],
  [
    'US Core Patient and IPS',
    'satisfies',
    `${US}us-core-patient|6.1.0`,
    'http://hl7.org/fhir/uv/ips/StructureDefinition/Patient-uv-ips',
  ],
  ['What changed in US Core Patient', 'diff', `${US}us-core-patient|3.1.1`, `${US}us-core-patient|6.1.0`],
  ['What changed from US Core 6.1.0 to 7.0.0', 'diff', 'hl7.fhir.us.core#6.1.0', 'hl7.fhir.us.core#7.0.0'],
];
