SELECT 1;
	SELECT größe, $body$ x $Body$ y $body;
