"""A believable municipality to try Sett in: people and places that are made up, and two months of work with them.

names, places and words are what it is told with; people is who there is; rhythm, duties and stories are what happens;
fill takes all of it through the one write door, in time order, and lets the alert engine run over the past. All dice
are thrown from one seed: the same seed and the same moment give the same municipality.
"""
