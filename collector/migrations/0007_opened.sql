-- What a browser said of itself when it opened a page, so that a draft can be tried on visits that are over.
alter table event add column opened text;   -- JSON: device, language, country, system, browser; null but for page views

-- Who came within some days, without reading the log.
create index event_of_pages on event (site_id, at, subject) where name = 'Page Viewed' and origin <> 'team';
