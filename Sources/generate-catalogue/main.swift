import Profile

print(Catalogue.published.requirements.count)
