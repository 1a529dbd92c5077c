"""Things that the built-in model named for the scenes of forty scripts, as it wrote them."""

from __future__ import annotations

from typing import Final

_NAMED: Final = """
airplane = airplane
algorithm = laptop
alveolus = lungs
antibiotic resistant bacteria = microbe
antibiotics = pill
artifacts = amphora
asia = globe-showing-asia-australia
athletes = trophy
atria = anatomical-heart
baking tray = cooking
batteries = battery
battery = battery
battery power = high-voltage
beads = ring
bell = bell
black hole = milky-way
blanket = bed
blood = drop-of-blood
body = anatomical-heart
bones = bone
book = open-book
bowl = bowl-with-spoon
bravery = shield
bridge = bridge-at-night
brush = paintbrush
brushes = paintbrush
campfire = camping
capillaries = anatomical-heart
cars = automobile
cat = cat
chair = chair
charger = electric-plug
charging station = electric-plug
cheese wheel = cheese-wedge
chemistry = alembic
chocolate chips = chocolate-bar
circulation = anatomical-heart
cities = cityscape
clock = three-oclock
clothing = t-shirt
cloud = cloud
clouds = cloud
cocoa bean = chocolate-bar
cocoa beans = chocolate-bar
cocoa powder = chocolate-bar
coin = coin
colors = artist-palette
communication = speech-balloon
comparison = balance-scale
computer = desktop-computer
concrete = rock
coral = coral
couch = couch-and-lamp
crowd of spectators = busts-in-silhouette
curd = cheese-wedge
cut chocolate bar = chocolate-bar
damaged building = derelict-house
data = bar-chart
decision = balance-scale
decisions = balance-scale
deserts = desert
dirt = seedling
dough = bread
earthquake = mountain
echolocation = bat
economy = chart-increasing
education = books
electric car = automobile
electricity = high-voltage
electrodes = battery
electron = atom-symbol
engine = gear
environment = deciduous-tree
europe = globe-showing-europe-africa
exploration = compass
fish = fish
fishermen = fishing-pole
flash floods = water-wave
flour = bread
food = fork-and-knife-with-plate
fossilized leaves = leaf-fluttering-in-wind
fossils = t-rex
friend = handshake
fruit = red-apple
glass = tumbler-glass
gold coin = coin
gravity = red-apple
green tea = teacup-without-handle
greenhouse gas = thermometer
grounded cocoa powder = chocolate-bar
heart = red-heart
heat = sun
highway = motorway
hill = mountain
history = scroll
ice = ice
iceberg = ice
intelligence = brain
lamp = light-bulb
landmarks = round-pushpin
language book = open-book
language books = books
libraries = books
light = light-bulb
light bulb = light-bulb
lightning bolts = high-voltage
machine = gear
machinery = gear
magma = volcano
massive star = star
matcha = teacup-without-handle
medicine = pill
meeting = busts-in-silhouette
museums = classical-building
music = musical-notes
night sky = night-with-stars
nightstand = bed
oak trees = deciduous-tree
oars = canoe
ocean = water-wave
octopus = octopus
orchestras = violin
oven = cooking
painting = framed-picture
paints = artist-palette
palette = artist-palette
penguin = penguin
penguins = penguin
penicillin culture = petri-dish
phone = mobile-phone
piano = musical-keyboard
pigments = artist-palette
pillow = bed
plant = potted-plant
plants = potted-plant
power lines = high-voltage
primary colors = artist-palette
puzzle = puzzle-piece
pyramid = desert
radiation = radioactive
radioactive materials = radioactive
radioactivity = radioactive
reflection = mirror
research = microscope
road = motorway
rock formations = rock
room = couch-and-lamp
running shoes = running-shoe
running track = person-running
sails = sailboat
science = microscope
scientific instruments = microscope
sea waves = water-wave
seed = seedling
severe thunderstorms = cloud-with-lightning-and-rain
shells = spiral-shell
ship = ship
ships = ship
shores = beach-with-umbrella
sign = placard
silk = kimono
silver coin = coin
sky = cloud
soap = soap
soil = seedling
solid glass = tumbler-glass
spider = spider
spider web = spider-web
spiders = spider
squid = squid
stadium = stadium
stars = star
starter = jar
steel = nut-and-bolt
stones = rock
stream = national-park
strong winds = wind-face
sun = sun
sunlight = sun
sunrise = sunrise-over-mountains
tea ceremony = teacup-without-handle
teas = teapot
telephone = telephone
titanic = passenger-ship
tomatoes = tomato
tools = hammer-and-wrench
tornado = tornado
trade = ship
tree branch = deciduous-tree
trees = deciduous-tree
types of cheese = cheese-wedge
ventricles = anatomical-heart
wall = brick
warrior = crossed-swords
water = droplet
waterfall = national-park
watering can = potted-plant
weight = balance-scale
wheel = wheel
wind = wind-face
window = window
worker = construction-worker
workers = construction-worker
xray tubes = x-ray
"""

NAMED: Final = dict(line.split(" = ") for line in _NAMED.strip().splitlines())
"""For each name the icon that stands for it, looked at by a person."""

SHOWS_NOTHING: Final = (
    "brown",
    "capacity",
    "chawan ceremony",
    "conservation",
    "cultural significance",
    "different types oftea",
    "enjoyment",
    "final product",
    "flavoring",
    "historical",
    "inner layers",
    "logic",
    "man",
    "material",
    "mixture",
    "movement",
    "outer layer",
    "owner",
    "pattern",
    "patterns",
    "people",
    "performers",
    "person",
    "processing",
    "purr",
    "raw materials",
    "reasoning",
    "recognition",
    "red",
    "sense",
    "stillness",
    "strokes",
    "structure",
    "texting",
    "texture",
    "traditional setting",
    "values",
    "vibrations",
    "woman",
    "yellow",
)
"""What it named although nobody can see it; no picture is better than a silly one."""
