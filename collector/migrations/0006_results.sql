-- What became of prompts: projections of the log that can be thrown away and folded anew from it. Only tags are no projection.

-- On which days a person did what with a prompt. A person is a user id; or a visitor, as long as nobody has said who that is.
create table prompt_acts (
  site_id text not null,
  person text not null,                     -- `p:<user id>` or `v:<visitor>`
  prompt text not null,
  acts text not null,                       -- JSON: the days of each deed, the scores of each day, the variant
  primary key (site_id, person, prompt)
);

-- The same, counted. In a period each person counts on the last of its days there, which is the one whose next day lies behind it:
-- so distinct people of any period are a sum over this table, however many events there are.
create table prompt_tally (
  site_id text not null,
  variant text not null,                    -- of those who saw this version; empty: of all
  prompt text not null,
  what text not null,                       -- `shown`, `answered` ...; a score as `nps/<question>/9`
  day bigint not null,                      -- days since 1970 in the site's time zone
  next_day bigint not null,                 -- the next one on which the same person did it again; 9223372036854775807 for never
  people bigint not null,
  primary key (site_id, variant, prompt, what, day, next_day)
);

-- All prompts side by side: only the days of the period are read, and nothing but this index.
create index prompt_tally_of_days on prompt_tally (site_id, variant, day, prompt, what, next_day, people);

-- Answers that belong together.
create table response (
  site_id text not null,
  person text not null,                     -- whose: see `prompt_acts`
  prompt text not null,
  id text not null,                         -- the page's name for it, or the id of the event where the page gave none
  at bigint not null,                       -- the last answer
  band text not null,                       -- what the score means: `promoter`, `satisfied`, `easy` ...; empty without one
  finished bigint not null,                 -- 1: nothing more was to come
  words text not null,                      -- what was written, in lower case, for the search
  answers text not null,                    -- JSON: for each question what the event said of it
  primary key (site_id, person, prompt, id)
);

create index response_of_prompt on response (site_id, prompt, at, id);
create index response_of_site on response (site_id, at, id);

-- What members noted about a response. Lives on when the response is folded anew.
create table response_tag (
  site_id text not null,
  response_id text not null,
  tag text not null,                        -- in lower case
  at bigint not null,                       -- when it was noted
  tagged_by text not null,                  -- member
  primary key (site_id, response_id, tag)
);

create index response_tag_of_site on response_tag (site_id, tag);

-- Whose acts must be folded anew, a slice at a time: everybody there is when this table is made.
create table acts_due (
  site_id text not null,
  person text not null,
  primary key (site_id, person)
);

insert into acts_due (site_id, person)
select site_id, subject from event where prompt is not null and origin <> 'team' and substr(subject, 1, 2) in ('v:', 'p:')
union
select e.site_id, 'p:' || i.user_id from event e
join identity_edge i on i.site_id = e.site_id and i.visitor = substr(e.subject, 3)
where e.prompt is not null and e.origin <> 'team' and substr(e.subject, 1, 2) = 'v:';
