raise ValueError('no luck')
