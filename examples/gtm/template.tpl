___TERMS_OF_SERVICE___

By creating or modifying this file you agree to Google Tag Manager's Community
Template Gallery Developer Terms of Service available at
https://developers.google.com/tag-manager/gallery-tos (or such other URL as
Google may provide), as modified from time to time.


___INFO___

{
  "type": "TAG",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "Waymark",
  "categories": [
    "SURVEY",
    "PERSONALIZATION",
    "MARKETING"
  ],
  "brand": {
    "id": "brand_dummy",
    "displayName": "Waymark"
  },
  "description": "Puts Waymark on your pages: prompts, surveys and offers by stage of the customer's journey. Where a visitor answers, closes or clicks, dataLayer hears of it.",
  "containerContexts": [
    "WEB"
  ]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "TEXT",
    "name": "address",
    "displayName": "Address of your Waymark",
    "simpleValueType": true,
    "help": "Where your Waymark runs, as it stands in the snippet under Settings, Install.",
    "valueHint": "https://ask.example.com",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      },
      {
        "type": "REGEX",
        "args": [
          "^https://[^\\s?#]+$"
        ],
        "errorMessage": "An address that begins with https://"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "siteKey",
    "displayName": "Public key of the site",
    "simpleValueType": true,
    "help": "It begins with wk_ and stands in the snippet under Settings, Install.",
    "valueHint": "wk_",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      },
      {
        "type": "REGEX",
        "args": [
          "^wk_[A-Za-z0-9_]+$"
        ],
        "errorMessage": "A key that begins with wk_"
      }
    ]
  },
  {
    "type": "CHECKBOX",
    "name": "followConsent",
    "checkboxText": "Follow Consent Mode",
    "simpleValueType": true,
    "defaultValue": true,
    "help": "Where functionality_storage is denied, nothing is kept in the browser; where personalization_storage is denied, no profile is used. Prompts that need neither still show. A type that nobody has set counts as granted."
  },
  {
    "type": "GROUP",
    "name": "person",
    "displayName": "Who is signed in",
    "groupStyle": "ZIPPY_CLOSED",
    "subParams": [
      {
        "type": "TEXT",
        "name": "userId",
        "displayName": "User id",
        "simpleValueType": true,
        "help": "Your own id of whoever is signed in, from a variable. Left empty: nobody is."
      },
      {
        "type": "SIMPLE_TABLE",
        "name": "traits",
        "displayName": "Traits",
        "help": "What is known of them, such as plan or first_name.",
        "simpleTableColumns": [
          {
            "defaultValue": "",
            "displayName": "Name",
            "name": "name",
            "type": "TEXT",
            "isUnique": true,
            "valueValidators": [
              {
                "type": "NON_EMPTY"
              }
            ]
          },
          {
            "defaultValue": "",
            "displayName": "Value",
            "name": "value",
            "type": "TEXT"
          }
        ],
        "enablingConditions": [
          {
            "paramName": "userId",
            "paramValue": "",
            "type": "PRESENT"
          }
        ]
      },
      {
        "type": "TEXT",
        "name": "accountId",
        "displayName": "Account id",
        "simpleValueType": true,
        "help": "Your own id of the company they belong to."
      }
    ]
  }
]


___SANDBOXED_JS_FOR_WEB_TEMPLATE___

const addConsentListener = require('addConsentListener');
const createArgumentsQueue = require('createArgumentsQueue');
const injectScript = require('injectScript');
const isConsentGranted = require('isConsentGranted');
const makeString = require('makeString');
const makeTableMap = require('makeTableMap');

const STORE = 'functionality_storage';
const PROFILE = 'personalization_storage';

// What is said here waits in the queue until the script has come. Where it is there already, it hears at once.
const waymark = createArgumentsQueue('waymark', 'waymark.q');

if (data.followConsent) {
  const tell = (no) => {
    waymark('consent', { store: isConsentGranted(STORE) || no, profile: isConsentGranted(PROFILE) || no });
  };
  // Before anything is kept. What is denied now may not have been asked yet, so nothing that is there is removed.
  tell(null);
  addConsentListener(STORE, () => tell(false));
  addConsentListener(PROFILE, () => tell(false));
}

if (data.userId) {
  waymark('identify', makeString(data.userId), data.traits ? makeTableMap(data.traits, 'name', 'value') : {});
}
if (data.accountId) {
  waymark('group', makeString(data.accountId));
}

let address = makeString(data.address);
while (address.slice(-1) === '/') {
  address = address.slice(0, -1);
}
const script = address + '/w/' + makeString(data.siteKey) + '.js';
// Once on a page, however often the tag fires.
injectScript(script, data.gtmOnSuccess, data.gtmOnFailure, script);


___WEB_PERMISSIONS___

[
  {
    "instance": {
      "key": {
        "publicId": "access_consent",
        "versionId": "1"
      },
      "param": [
        {
          "key": "consentTypes",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "functionality_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "consentType"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "personalization_storage"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "access_globals",
        "versionId": "1"
      },
      "param": [
        {
          "key": "keys",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "waymark"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              },
              {
                "type": 3,
                "mapKey": [
                  {
                    "type": 1,
                    "string": "key"
                  },
                  {
                    "type": 1,
                    "string": "read"
                  },
                  {
                    "type": 1,
                    "string": "write"
                  },
                  {
                    "type": 1,
                    "string": "execute"
                  }
                ],
                "mapValue": [
                  {
                    "type": 1,
                    "string": "waymark.q"
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": true
                  },
                  {
                    "type": 8,
                    "boolean": false
                  }
                ]
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "inject_script",
        "versionId": "1"
      },
      "param": [
        {
          "key": "urls",
          "value": {
            "type": 2,
            "listItem": [
              {
                "type": 1,
                "string": "https://*/w/*"
              }
            ]
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  }
]


___TESTS___

scenarios:
- name: The script of the site is fetched, with the tag's own callbacks
  code: |-
    runCode({ address: 'https://ask.example.com/', siteKey: 'wk_1', gtmOnSuccess: done, gtmOnFailure: failed });

    assertThat(injected).isEqualTo(['https://ask.example.com/w/wk_1.js', done, failed, 'https://ask.example.com/w/wk_1.js']);
    assertThat(said).isEqualTo([]);
    assertApi('gtmOnSuccess').wasNotCalled();
    assertApi('gtmOnFailure').wasNotCalled();
- name: Who is signed in is said before the script is fetched
  code: |-
    runCode({
      address: 'https://ask.example.com', siteKey: 'wk_1', userId: 7, accountId: 'acme',
      traits: [{ name: 'plan', value: 'team' }],
    });

    assertThat(said).isEqualTo([['identify', '7', { plan: 'team' }], ['group', 'acme']]);
- name: Consent is told, and again when it changes
  code: |-
    let granted = false;
    const listeners = [];
    mock('isConsentGranted', () => granted);
    mock('addConsentListener', (type, run) => { listeners.push([type, run]); });
    runCode({ address: 'https://ask.example.com', siteKey: 'wk_1', followConsent: true });

    assertThat(said).isEqualTo([['consent', { store: null, profile: null }]]);
    assertThat(listeners.map((one) => one[0])).isEqualTo(['functionality_storage', 'personalization_storage']);
    granted = true;
    listeners[0][1]('functionality_storage', true);
    assertThat(said[1]).isEqualTo(['consent', { store: true, profile: true }]);
setup: |-
  const said = [];
  let injected;
  const done = () => {};
  const failed = () => {};
  mock('createArgumentsQueue', () => (a, b, c) => {
    said.push(c === undefined ? [a, b] : [a, b, c]);
  });
  mock('injectScript', (url, onSuccess, onFailure, token) => {
    injected = [url, onSuccess, onFailure, token];
  });


___NOTES___

Calls made before the script has come wait in waymark.q, whichever tag or page made them.

The permission to inject scripts names any host, since everybody runs Waymark at an address of their own, and of it only paths below /w/.
