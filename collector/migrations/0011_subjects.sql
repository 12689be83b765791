-- Who is there, so that lists and counts need not look through the log. A projection like the others: it can be thrown away and made anew.
create table subject (
  site_id text not null,
  subject text not null,                    -- `v:<visitor>`, `p:<user id>` or `a:<account id>`
  kind text not null,                       -- visitor | person | account; `known`: a visitor who has said who they are and counts as that person
  first_seen bigint not null,               -- when the first thing happened that counts for them; of a visitor, that the browser sent
  last_seen bigint not null,                -- the minute of the last one, so that most events change nothing here
  name text not null,                       -- by their traits as they stand; empty where nobody has said
  email text not null,                      -- the same
  account text not null,                    -- `a:<account id>`, the one they joined last, by a server's word if there is one; empty for none
  primary key (site_id, subject)
);

-- The latest of each kind, and how many of them came since.
create index subject_seen on subject (site_id, kind, last_seen, subject);

-- Those who do not count by themselves: who they turned out to be, or the account they belong to, counts for them.
create index subject_of_others on subject (site_id, subject, kind, account) where kind = 'known' or account <> '';

-- How many are in each stage, and who, without reading their states.
drop index journey_state_stage;
create index journey_state_stage on journey_state (site_id, journey, stage, subject, entered_at) where stage <> '';

-- What people and accounts are found by: the words of their name, e-mail address and id; a visitor by the end of its id.
create table subject_word (
  site_id text not null,
  word bytea not null,                      -- in lower case, UTF-8; as bytes, since what begins alike must stand together in every database
  subject text not null,
  primary key (site_id, word, subject)
);

create index subject_word_of on subject_word (site_id, subject);

-- Traits are found by what they say.
alter table trait add column word text not null default '';   -- the value in lower case, at most 100 characters; empty for lists and nothing
alter table trait add column number double precision;         -- the value if it is a number

create index trait_of_word on trait (site_id, name, word, subject);
create index trait_of_number on trait (site_id, name, number, subject) where number is not null;

-- Who came lately is read here, and no longer off the log.
drop index event_of_pages;

-- How much came since.
create index event_received on event (site_id, received_at, origin) where origin <> 'team';

-- `acts_due` names from now on whoever's row in `subject` is to be made anew too, accounts among them: everybody is, a slice at a time.
insert into acts_due (site_id, person)
select site_id, subject from (
  select site_id, subject from event where origin <> 'team'
  union select site_id, 'p:' || user_id from identity_edge
  union select site_id, 'a:' || account_id from membership
) as known where true on conflict do nothing;
