// Instances that are large, wrong in many places, or hostile; made here, about nobody.

/** A Bundle of so many patients on one line: each with a gender that does not exist, some text, and signs of four bytes. */
export function bundle(patients) {
  const entry = Array.from({ length: patients }, (_, i) => ({
    resource: {
      resourceType: 'Patient',
      id: `p${i}`,
      gender: `x${i}`,
      name: [{ family: `Föö🙂${i}`, text: 'x'.repeat(900) }],
    },
  }));
  return Buffer.from(
    JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry }).replaceAll('"gender":', '"gender": '),
  );
}

/** NDJSON of so many Bundles, each with a thousand issues. */
export function manyIssues(lines) {
  const entry = Array.from({ length: 1000 }, (_, i) => ({
    resource: { resourceType: 'Patient', id: `p${i}`, gender: 'x' },
  }));
  const line = JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry });
  return Buffer.from(Array.from({ length: lines }, () => line).join('\n'));
}

/** Instances with markup that would do something, in names, values, ids, systems, profiles and texts. */
export function hostile() {
  const evil = '<img src=x onerror=alert(1)>';
  const script = '"><script>alert(1)</script>';
  const json = {
    resourceType: 'Patient',
    id: evil,
    meta: { profile: [`http://x/${script}`, 'javascript:alert(1)'] },
    [evil]: script,
    gender: evil,
    birthDate: script,
    name: [{ family: evil, given: [script, '`<svg onload=alert(1)>`'] }],
    text: {
      status: 'generated',
      div: `<div xmlns="http://www.w3.org/1999/xhtml">${evil}<script>alert(1)</script></div>`,
    },
    extension: [{ url: evil, valueString: script }],
    maritalStatus: { coding: [{ system: evil, code: script, display: evil }] },
  };
  return [
    JSON.stringify(json, null, 2),
    JSON.stringify({ ...json, resourceType: evil }),
    `<Patient xmlns="http://hl7.org/fhir"><id value="&lt;img src=x onerror=alert(1)&gt;"/><gender value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"/><script>alert(1)</script></Patient>`,
    `${evil}${script}`,
    `${JSON.stringify({ resourceType: 'Patient', gender: evil })}\n${JSON.stringify({ resourceType: evil })}`,
  ];
}
