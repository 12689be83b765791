-- The log of what happened, and what follows from it. `event` is append-only and the only truth; every other table here is a
-- projection that can be thrown away and folded anew from it.

-- One fact.
create table event (
  site_id text not null,
  id text not null,                         -- UUID made by the sender, ordered by time, so that the index grows at its end
  subject text not null,                    -- whose it is by its own words: `v:<visitor>`, `p:<user id>` or `a:<account id>`
  at bigint not null,                       -- when it happened, corrected for the sender's clock; computed once, on arrival
  received_at bigint not null,              -- when we got it
  created_at bigint,                        -- when the sender's clock said it happened
  origin text not null,                     -- who recorded it: server | csm | web | job
  name text not null,
  props text not null,                      -- JSON object; the traits of `Identified` and `Grouped`; empty for none
  url text not null,                        -- page it happened on; empty for none
  referrer text not null,                   -- what linked to that page; empty for none
  session text,                             -- visit of the browser
  device text,                              -- device of the browser: outlives a new visitor id
  prompt text,                              -- prompt it is about
  action text,                              -- what happened with that prompt
  user_id text,                             -- whom `Identified` names
  account_id text,                          -- account that `Grouped`, or a server's event about a person, names
  flags bigint not null,                    -- 1 late, 2 clamped, 4 no usable clock
  primary key (site_id, id)
);

-- The log of a subject in time order: refolds, timelines.
create index event_of_subject on event (site_id, subject, at);

-- What a visitor or a person was shown, for their caps.
create index event_shown on event (site_id, subject, at) where prompt is not null;

-- What a device was shown, for its caps.
create index event_of_device on event (site_id, device, at) where prompt is not null;

-- A visitor said who they are. From `at` on, its events are that person's.
create table identity_edge (
  site_id text not null,
  visitor text not null,
  at bigint not null,
  event_id text not null,                   -- the `Identified` event
  user_id text not null,
  primary key (site_id, visitor, at, event_id)
);

create index identity_edge_of_user on identity_edge (site_id, user_id);

-- A member of an account.
create table membership (
  site_id text not null,
  member text not null,                     -- `p:<user id>`, or `v:<visitor>` while nobody has identified it
  account_id text not null,
  at bigint not null,                       -- since when: the earliest we know of
  primary key (site_id, member, account_id)
);

create index membership_of_account on membership (site_id, account_id);

-- Where a subject is in a journey; and, as journey `*` without a stage, what prompts and segments need of its log.
create table journey_state (
  site_id text not null,
  journey text not null,
  subject text not null,
  stage text not null,
  entered_at bigint not null,
  cycle bigint not null,
  next_due bigint,                          -- when it must be looked at again though nothing happens; null for never
  fingerprint bigint not null,              -- definitions it was folded under; under others it is folded anew
  state text not null,                      -- all that later moves depend on, JSON
  primary key (site_id, subject, journey)
);

create index journey_state_due on journey_state (next_due) where next_due is not null;
create index journey_state_stage on journey_state (site_id, journey, stage);

-- The recorded moves: each stay in a stage lasts from the move into it to the next.
create table journey_move (
  site_id text not null,
  journey text not null,
  subject text not null,
  seq bigint not null,
  id text not null,                         -- UUIDv5 of its cause, not of the subject: the same move after a merge has the same id
  at bigint not null,
  body text not null,                       -- from, to, transition, cause, cycle: JSON
  primary key (site_id, subject, journey, seq)
);

-- The latest value of each trait, apart by whether it is trusted.
create table trait (
  site_id text not null,
  subject text not null,                    -- `p:<user id>`, `a:<account id>`, or `v:<visitor>` before it is identified
  name text not null,
  trusted bigint not null,                  -- 1: a server with the secret key said so; 0: a browser claims it
  value text not null,                      -- JSON
  at bigint not null,
  primary key (site_id, subject, name, trusted)
);

-- Versions of journeys, kept for ever: a subject's past was moved by the version in force then.
create table journey_version (
  site_id text not null,
  journey text not null,
  version text not null,                    -- hash of the body
  active_from bigint not null,
  body text not null,
  primary key (site_id, journey, active_from)
);
