"""The shipped workbench folders, in an installed wheel."""
