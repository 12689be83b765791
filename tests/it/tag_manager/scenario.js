// One test of the template, with what it uses of the editor's test interface.
const mocks = {
  makeString: (value) => '' + value,
  makeTableMap: (rows, name, value) => Object.fromEntries(rows.map((row) => [row[name], row[value]])),
  isConsentGranted: () => true,
  addConsentListener: () => {},
};
const called = [];
let checked = 0;
const wrong = [];
const check = (right, what) => {
  checked += 1;
  if (!right) wrong.push(what);
};
// Functions are equal if they are the same; all else, if it says the same.
const same = (one, other) => one === other || typeof one === 'object' && typeof other === 'object'
  && Object.keys(one).join() === Object.keys(other).join() && Object.keys(one).every((key) => same(one[key], other[key]));
const mock = (name, run) => { mocks[name] = run; };
const runCode = (data) => {
  const given = { gtmOnSuccess: () => called.push('gtmOnSuccess'), gtmOnFailure: () => called.push('gtmOnFailure'), ...data };
  const require = (name) => mocks[name];
  ((data) => {
    __CODE__
  })(given);
};
const assertThat = (is) => ({ isEqualTo: (expected) => check(same(is, expected), JSON.stringify([is, expected])) });
const assertApi = (name) => ({ wasNotCalled: () => check(!called.includes(name), name + ' was called') });
__SCENARIO__
return { checked, wrong };
