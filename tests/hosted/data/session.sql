create table town(id integer primary key, name text not null, people integer);
insert into town(name, people) values ('Ulm', 126000), ('Jena', 111000), ('Trier', 111000);
begin;
delete from town;
rollback;
with recursive n(i) as (values(1) union all select i + 1 from n where i < 2000)
    insert into town(name, people) select 'village ' || i, i from n;
create index by_people on town(people);
select count(*), sum(people), max(name) from town;
select name from town where people > 111000;
create virtual table words using fts5(text);
insert into words values ('a loom weaves'), ('the weft goes through the warp');
select rowid from words where words match 'weft';
select printf('%.3f', 2.0 / 3), upper('done'), length(randomblob(16));
pragma integrity_check;
