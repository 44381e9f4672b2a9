--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);

CREATE FUNCTION public.touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $_$
BEGIN
    new.updated_at := now();
    EXECUTE format($f$SELECT %L; $f$, '$1');
    RETURN new;
END;
$_$;


ALTER FUNCTION public.touch() OWNER TO gpra;

CREATE TABLE public.items (
    id integer NOT NULL,
    title character varying(255) DEFAULT 'a;b'::character varying NOT NULL,
    CONSTRAINT title_check CHECK (((title)::text <> ';'::text))
);

CREATE SEQUENCE public.items_id_seq
    AS integer
    START WITH 1
    NO MINVALUE
    CACHE 1;

COMMENT ON TABLE public.items IS 'first line;
second line';
ALTER TABLE ONLY public.items ALTER COLUMN id SET DEFAULT nextval('public.items_id_seq'::regclass);
CREATE POLICY p ON public.items USING ((user_id = (current_setting('app.user;', true))::integer));
CREATE TRIGGER t BEFORE UPDATE ON public.items FOR EACH ROW EXECUTE FUNCTION public.touch();
GRANT SELECT ON TABLE public.items TO reader;
