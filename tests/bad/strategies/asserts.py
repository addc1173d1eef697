assert False, 'never'
