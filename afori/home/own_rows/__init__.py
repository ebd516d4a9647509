"""The lists of My pages one by one: what they find, and what a row says.

A finder returns a queryset and which of its columns are a row's time, people, places and parts of
an address; only what the person may see now. A row function turns them into words.
"""
