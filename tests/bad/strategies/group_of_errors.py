raise ExceptionGroup('many', [ValueError(1)])
