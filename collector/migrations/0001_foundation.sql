-- The ground everything stands on: sites, who may use them, and what was imported for them.
-- This folder runs on SQLite and on PostgreSQL: text ids we make ourselves, every integer a bigint,
-- every instant bigint milliseconds since 1970 UTC, JSON as text that no statement looks inside.

-- One website.
create table site (
  id text not null primary key,             -- ours: `demo`, or a UUID; never shown to browsers
  key text not null unique,                 -- public write key, `wk_...`: what a page's snippet carries
  name text not null,                       -- what people call it
  timezone text not null,                   -- IANA name; days and weekdays of reports and rules are days there
  clock_offset_ms bigint not null,          -- added to now; 0 everywhere but in the demo site, which can play "next day"
  version bigint not null,                  -- grows with every change below; collectors poll it to refresh their copy
  created_at bigint not null                -- when it was made
);

-- Pages that may send for a site. `https://shop.example`, or `https://*.example.com` for every host below.
create table site_origin (
  site_id text not null references site (id),
  origin text not null,                     -- lower case, scheme://host[:port], default port left out
  primary key (site_id, origin)
);

-- Secret write keys (`sk_...`) of a site's servers. Several may be valid, so that one can be replaced without a gap.
create table site_secret (
  site_id text not null references site (id),
  hash text not null unique,                -- SHA-256 in hex; 32 random characters need no salt, and the key itself is never kept
  created_at bigint not null,
  primary key (site_id, hash)
);

-- Visits that were turned away, counted and not stored: so that "it does not work" has an answer on the console's first page.
create table refusal (
  site_id text not null references site (id),
  kind text not null,                       -- why: `origin` for now
  detail text not null,                     -- what was refused: the origin itself, at most 200 characters
  first_at bigint not null,
  last_at bigint not null,
  count bigint not null,
  primary key (site_id, kind, detail)
);

-- The one who runs this installation. A single row until teams exist.
create table admin (
  id text not null primary key,             -- `admin`
  password_hash text not null,              -- argon2id in its usual text form, salt and cost inside
  updated_at bigint not null
);

-- One-time links, printed at first start: whoever opens one sets the admin password.
create table setup_link (
  token_hash text not null primary key,     -- SHA-256 in hex of the token in the link
  expires_at bigint not null
);

-- Signed-in browsers.
create table session (
  token_hash text not null primary key,     -- SHA-256 in hex of the cookie: a stolen backup signs nobody in
  created_at bigint not null,
  expires_at bigint not null
);

-- What came from files: prompts, journeys and the site's settings (page groups, theme), as JSON.
create table document (
  site_id text not null references site (id),
  kind text not null,                       -- prompt | journey | settings
  key text not null,                        -- the name that rules and events use; `site` for the settings
  body text not null,                       -- the file's content after its check, as JSON
  version text not null,                    -- hash of the body: the same file imported twice changes nothing
  updated_at bigint not null,
  primary key (site_id, kind, key)
);

-- Files of the widget by their hashed name, from every release of the last 30 days: a page that was loaded before an
-- upgrade, or through another process, still finds the parts it asks for.
create table asset (
  name text not null primary key,           -- `waymark-1a2b3c4d.js`
  bytes bytea not null,                     -- as it is
  brotli bytea,                             -- the same, compressed at build time
  gzip bytea,
  last_shipped_at bigint not null           -- last start of a process that carries it; 30 days later it goes
);
