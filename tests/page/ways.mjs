// What the tests do on the web page: how a tab is brought to a result, and what is read there.

/** Of a test, or of a step in it, that may take long. */
export const slow = { timeout: 120_000 };

export const example = (page, tab, index) =>
  page.selectOption(`#panel-${tab} select[aria-label^="Examples"]`, String(index));
export const start = async (page, tab, result = '.verdict, .fault, table') => {
  await page.click(`#panel-${tab} .primary`);
  await page.waitForSelector(`#panel-${tab} .results :is(${result})`, slow);
  await page.waitForFunction((t) => !document.querySelector(`#panel-${t} .primary`).disabled, tab, slow);
};
export const validate = async (page, text) => {
  await page.fill('#panel-validate textarea', text);
  await start(page, 'validate');
};
export const verdict = (page) => page.textContent('#panel-validate .verdict h2');
export const rules = (page) =>
  page.$$eval('#panel-validate .issue summary code', (all) => all.map((e) => e.textContent));

/** Brings each tab to a result. */
export const WAYS = {
  validate: async (page) => {
    await example(page, 'validate', 0);
    await start(page, 'validate');
  },
  fhirpath: async (page) => {
    await page.click('#tab-fhirpath');
    await page.selectOption('#panel-fhirpath select[aria-label="Examples of expressions"]', '1');
    await page.check('#panel-fhirpath input[type=checkbox]');
    await start(page, 'fhirpath');
  },
  negotiate: async (page) => {
    await page.click('#tab-negotiate');
    await page.click('text=Example: two servers');
    await start(page, 'negotiate');
    await page.click('#panel-negotiate button:has-text("Details") >> nth=0');
    await page.waitForSelector('.agreement');
  },
  compare: async (page) => {
    await page.click('#tab-compare');
    await example(page, 'compare', 1);
    await page.check('#panel-compare .tick input >> nth=1');
    await start(page, 'compare', 'article');
  },
};
