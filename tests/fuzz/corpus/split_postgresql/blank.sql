 	
;;; -- nothing
/* at all */ ;
