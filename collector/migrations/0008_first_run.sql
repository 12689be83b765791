-- What a first run needs: the currency of a site, keys that can be told apart and taken back, and what is in the way of a first visit.

alter table site add column currency text not null default '';      -- ISO 4217: what amounts without a currency are in; empty where nobody has said

-- Keys of servers, each with a name and with what it may do.
alter table site_secret add column name text not null default '';   -- what people call it; empty for those made before they had names
alter table site_secret add column scope text not null default 'all'; -- all | events | preview
alter table site_secret add column made_by text not null default ''; -- member; empty for those made before, and for the demo's
alter table site_secret add column last_used_at bigint;             -- to a minute; null for never

-- Beside `origin`, `refusal` has the kind `module` from here on: pages of that origin let no WebAssembly run.

-- Pages with a key that belongs to no site.
create table stray_key (
  origin text not null,                     -- of the page, as its browser said it
  key text not null,                        -- at most 60 characters
  first_at bigint not null,
  last_at bigint not null,
  count bigint not null,
  primary key (origin, key)
);

-- Where a site's script was asked for, and whether anything came from there. Written at most once a minute for each.
create table sighting (
  site_id text not null references site (id),
  origin text not null,                     -- of the page that asked for the script, or that a visit came from
  asked bigint not null,                    -- how often the script was asked for since a visit came
  asked_at bigint,                          -- when last; null for never
  came_at bigint,                           -- when the last visit came; null for never
  primary key (site_id, origin)
);
