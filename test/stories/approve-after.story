# the delay before a yes counts can be longer, not shorter
run --suppress-bootwarn --approve-after 1
screen 'expected --approve-after to be 2 to 60 seconds'
exit 1
