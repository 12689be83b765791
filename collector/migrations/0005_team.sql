-- Who works here, what they may do on which site, what they did, and what marketers are in the middle of writing.

-- Somebody who signs in. The first one is made at the first start, without an address and a password: the printed link gives them both.
create table member (
  id text not null primary key,             -- ours
  email text not null unique,               -- what they sign in with, in lower case; `owner` until the first one has said theirs
  name text not null,                       -- what the others call them; empty where nobody has said
  password_hash text,                       -- argon2id in its usual text form, salt and cost inside; null until a link was followed
  is_owner bigint not null,                 -- 1: owner of the installation, who may do everything on every site
  created_at bigint not null
);

insert into member (id, email, name, password_hash, is_owner, created_at)
select 'owner', 'owner', '', password_hash, 1, updated_at from admin;

drop table admin;

-- What a member is on a site. Who owns the installation needs none.
create table member_role (
  site_id text not null references site (id),
  member_id text not null references member (id),
  role text not null,                       -- owner | marketer | csm | viewer
  primary key (site_id, member_id)
);

-- One-time links: the first start, an invitation, a lost password. Whoever opens one chooses the member's password.
create table member_link (
  token_hash text not null primary key,     -- SHA-256 in hex of the token in the link
  member_id text not null references member (id),
  expires_at bigint not null
);

drop table setup_link;

-- Signed-in browsers, now with whose they are. Those of before end: it is not known any more whose they were.
drop table session;
create table session (
  token_hash text not null primary key,     -- SHA-256 in hex of the cookie: a stolen backup signs nobody in
  member_id text not null references member (id),
  created_at bigint not null,
  expires_at bigint not null
);

-- What members did that others may ask about.
create table audit (
  id text not null primary key,             -- UUID of version 7: the order in which things were done
  site_id text not null,                    -- where; empty for the installation
  at bigint not null,
  member_id text not null,                  -- who; the name and the address are looked up, so a member who changed theirs is still found
  did text not null,                        -- `prompt.published`
  about text not null,                      -- what it was done to: a key, an origin, an address
  detail text not null                      -- in a sentence for people; empty where `did` and `about` say it all
);

create index audit_of_site on audit (site_id, id);

-- A prompt as its marketers see it. What visitors see is the document of the same key, if there is one.
create table prompt_work (
  site_id text not null references site (id),
  key text not null,
  status text not null,                     -- draft | live | paused | archived
  body text not null,                       -- the draft, JSON; what is live while nobody has changed anything
  step bigint not null,                     -- grows with every change of the draft: who saves says which one they saw
  others_step bigint not null,              -- the last step that was not made by `edited_by`: later ones are theirs, and in nobody's way
  place bigint not null,                    -- which of `prompt_step` this is: undo goes back by one, redo forward
  edited_at bigint not null,
  edited_by text not null,                  -- member; empty for files that were imported
  primary key (site_id, key)
);

-- The drafts one after the other, for undo and redo: the latest hundred.
create table prompt_step (
  site_id text not null,
  key text not null,
  place bigint not null,
  body text not null,
  primary key (site_id, key, place)
);

-- What was published, for ever.
create table prompt_version (
  site_id text not null,
  key text not null,
  number bigint not null,                   -- 1, 2, 3 ...
  body text not null,
  at bigint not null,
  published_by text not null,               -- member; empty for files that were imported
  primary key (site_id, key, number)
);

-- What is live already is version 1 of each.
insert into prompt_version (site_id, key, number, body, at, published_by)
select site_id, key, 1, body, updated_at, '' from document where kind = 'prompt';

insert into prompt_work (site_id, key, status, body, step, others_step, place, edited_at, edited_by)
select site_id, key, 'live', body, 1, 1, 1, updated_at, '' from document where kind = 'prompt';

insert into prompt_step (site_id, key, place, body)
select site_id, key, 1, body from document where kind = 'prompt';
