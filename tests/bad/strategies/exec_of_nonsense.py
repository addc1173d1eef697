exec('this is no code')
