"""Everyday topics, and the icons that would be a fitting main picture for each.

What a topic is called is on the left: words as they stand in a visual query, or a sentence as it
is spoken. On the right are all icons that a person would accept as the main picture of a scene
about it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_TOPICS: Final = """
# food and drink
fresh bread from the oven = bread baguette-bread
a slice of pizza = pizza
burger and fries = hamburger french-fries
sushi rolls on a plate = sushi
a bowl of ramen = steaming-bowl
scrambled eggs for breakfast = egg cooking pancakes
pancakes with maple syrup = pancakes maple-leaf
green salad with tomatoes = green-salad tomato leafy-green
melting cheese = cheese-wedge fondue
chocolate bar = chocolate-bar
vanilla ice cream = ice-cream soft-ice-cream
birthday cake with candles = birthday-cake candle
a cup of coffee = hot-beverage
pouring green tea = teapot teacup-without-handle hot-beverage
a glass of red wine = wine-glass
cold beer in a pub = beer-mug clinking-beer-mugs
orange juice = tangerine beverage-box cup-with-straw
fresh strawberries = strawberry
apples in an orchard = red-apple green-apple
bananas = banana
olive oil = olive
grilled steak = cut-of-meat meat-on-bone
fried chicken = poultry-leg chicken
salmon fillet = fish sushi
spicy chili peppers = hot-pepper
salt on food = salt
rice field harvest = tractor sheaf-of-rice cooked-rice
pasta with tomato sauce = spaghetti tomato
tacos at a street stand = taco
popcorn at the movies = popcorn clapper-board film-projector movie-camera
honey dripping from a spoon = honey-pot honeybee
sugar cubes = candy lollipop
a restaurant kitchen = pot-of-food cook cooking fork-and-knife-with-plate
knife and cutting board = kitchen-knife
vegan food = green-salad leafy-green broccoli seedling
school lunch = bento-box sandwich fork-and-knife-with-plate school
street food market = taco hot-dog stuffed-flatbread takeout-box pot-of-food fork-and-knife-with-plate steaming-bowl
mushroom soup = mushroom pot-of-food bowl-with-spoon
garlic and onions = garlic onion
a jar of peanut butter = peanuts butter jar
# home and household
washing the dishes = sponge soap bubbles fork-and-knife-with-plate
laundry day = t-shirt basket soap bubbles jeans
cleaning the house = broom sponge bucket house soap
a cozy living room = couch-and-lamp
making the bed = bed person-in-bed
taking a shower = shower bathtub
brushing teeth = toothbrush tooth
a leaking water tap = potable-water droplet wrench
toilet paper shortage = roll-of-paper toilet
changing a light bulb = light-bulb
opening the front door with a key = door key old-key house
moving into a new house = house package house-with-garden houses
a broken window = window
painting the walls = paintbrush brick artist-palette
a toolbox with hammer and screwdriver = hammer screwdriver hammer-and-wrench toolbox wrench
a candle burning = candle
the refrigerator is empty = glass-of-milk ice snowflake fork-and-knife-with-plate
vacuum cleaner and broom = broom
rubbish and trash cans = wastebasket
alarm clock in the morning = alarm-clock
house plants on a shelf = potted-plant
watching television = television
a burning fireplace = fire wood
neighbors talking over the fence = houses speech-balloon house house-with-garden
knitting a sweater = yarn thread
# family and people
a newborn baby = baby baby-bottle
a pregnant woman = pregnant-woman baby
children playing with a teddy bear = teddy-bear child kite yo-yo
grandparents telling stories = old-man old-woman open-book
a young couple getting married = wedding ring red-heart
wedding rings = ring wedding
holding hands = handshake red-heart
a broken heart = broken-heart
best friends = handshake red-heart speech-balloon busts-in-silhouette
a crowd of people = busts-in-silhouette cityscape
a family dinner = fork-and-knife-with-plate house-with-garden pot-of-food baby red-heart
raising teenagers = house-with-garden baby student mobile-phone child red-heart backpack
a birthday party with balloons = balloon birthday-cake party-popper confetti-ball wrapped-gift
a funeral = coffin headstone candle
loneliness = red-heart handshake speech-balloon bust-in-silhouette
mother and father = house-with-garden baby red-heart
a first kiss = red-heart mouth
# work and office
an office building = office-building
typing on a laptop = laptop keyboard
a video call meeting = speech-balloon laptop video-camera busts-in-silhouette technologist movie-camera
business card and briefcase = briefcase identification-card
a job interview = briefcase office-worker handshake
signing a contract = handshake fountain-pen memo writing-hand scroll
a pile of paperwork = page-facing-up file-folder clipboard paperclip
construction workers on a building site = construction-worker building-construction rescue-workers-helmet construction
a carpenter with a saw = carpentry-saw hammer wood
a car mechanic = mechanic wrench automobile
a farmer on his field = farmer tractor sheaf-of-rice
a firefighter putting out a fire = firefighter fire-engine fire fire-extinguisher
a police officer = police-officer police-car
a nurse in a hospital = health-worker hospital stethoscope
a pilot in the cockpit = pilot airplane
a judge in court = judge balance-scale
a scientist in a lab = scientist microscope test-tube
a chef in the kitchen = cook cooking
a factory worker = factory-worker factory
calendar with a deadline = calendar tear-off-calendar
sending an email = e-mail envelope
remote work from home = laptop house technologist house-with-garden office-worker briefcase
salary and wages = money-bag briefcase coin dollar-banknote
an office printer = printer
# school and learning
students in a classroom = student school teacher backpack
a teacher at the blackboard = teacher school
a stack of books in the library = books open-book
graduation day = graduation-cap
math equations = triangular-ruler abacus infinity
a school bus = bus school
a backpack full of notebooks = backpack notebook
learning a new language = speech-balloon books graduation-cap globe-with-meridians
writing with a pencil = pencil writing-hand memo
final exam = memo pencil graduation-cap student books school
history lesson = scroll classical-building books
kindergarten children = child crayon baby teddy-bear student school
chemistry experiment = alembic test-tube
drawing with crayons = crayon
ruler and compass = straight-ruler triangular-ruler
# health and body
a beating human heart = anatomical-heart red-heart
the human brain = brain
lungs breathing air = lungs
taking pills = pill
a vaccine injection = syringe
blood cells = drop-of-blood dna petri-dish microbe
broken bone x-ray = bone x-ray
a doctor with a stethoscope = stethoscope health-worker
visit to the dentist = tooth toothbrush
high fever = thermometer
an ambulance on the way = ambulance
washing hands with soap = soap
the immune system fights a virus = shield microbe syringe
meditation and mindfulness = person-in-lotus-position lotus candle
doing yoga at sunrise = person-in-lotus-position sunrise sunrise-over-mountains lotus
lack of sleep = zzz bed person-in-bed crescent-moon
stress at work = low-battery brain alarm-clock briefcase
wearing glasses = glasses
hearing loss = ear headphone
smoking a cigarette = cigarette
healthy diet with vegetables = broccoli carrot green-salad leafy-green red-apple
strong muscles = flexed-biceps person-lifting-weights
skin cream = lotion-bottle
DNA and genes = dna
bacteria under a microscope = microbe microscope petri-dish
a bandage on a wound = adhesive-bandage
losing weight = green-salad person-running broccoli balance-scale running-shoe red-apple straight-ruler
# sport
a football match in a stadium = soccer-ball stadium american-football
scoring a goal in soccer = soccer-ball goal-net bullseye
basketball game = basketball
playing tennis = tennis
a baseball player = baseball
swimming in a pool = person-swimming goggles
running a marathon = person-running running-shoe
riding a bicycle = bicycle person-biking
mountain climbing = person-climbing mountain snow-capped-mountain hiking-boot
skiing down a slope = skier skis snow-capped-mountain
ice skating = ice-skate
surfing big waves = person-surfing water-wave
lifting weights in the gym = person-lifting-weights flexed-biceps
boxing match = boxing-glove
playing golf = flag-in-hole
volleyball on the beach = volleyball beach-with-umbrella
skateboard tricks = skateboard
the olympic games = trophy sports-medal stadium soccer-ball running-shoe
winning the trophy = trophy
archery = bow-and-arrow bullseye
martial arts = martial-arts-uniform
fencing = person-fencing
bowling night = bowling
table tennis = ping-pong
rugby players = rugby-football
ice hockey = ice-hockey
chess tournament = chess-pawn
fishing by the lake = fishing-pole fish
horse riding = horse horse-face
Formula One race car = racing-car chequered-flag
# animals
a honeybee on a flower = honeybee blossom sunflower
lions in the savanna = lion
elephants at a water hole = elephant
a pack of wolves = wolf
a sleeping cat = cat cat-face
dogs are loyal = dog dog-face guide-dog poodle
a swimming dolphin = dolphin
humpback whales singing = whale spouting-whale
a great white shark = shark
penguins on the ice = penguin
polar bears = polar-bear
a butterfly on a leaf = butterfly
ants working together = ant
a spider in its web = spider spider-web
an owl at night = owl
an eagle in the sky = eagle
a parrot = parrot
monkeys in the jungle = monkey gorilla orangutan
a giant panda eating bamboo = panda
kangaroos of Australia = kangaroo
a slow snail = snail
sea turtles = turtle
a poisonous snake = snake
frogs in a pond = frog
cows on a meadow = cow cow-face
chickens on a farm = chicken rooster tractor hatching-chick
horses running free = horse
sheep and wool = ewe ram yarn
a camel in the desert = camel desert
dinosaurs = t-rex sauropod
an octopus = octopus
coral reef = coral tropical-fish
mosquitoes spread malaria = mosquito
squirrel with a nut = chipmunk chestnut
a fox in the snow = fox
rabbits = rabbit
mice in the house = mouse rat
crocodiles = crocodile
a peacock = peacock
migrating birds = bird goose dove duck
# nature and weather
a tropical rainforest = deciduous-tree evergreen-tree palm-tree
snow on a mountain top = snow-capped-mountain mountain snowflake
an erupting volcano = volcano
ocean waves = water-wave
a river through the valley = national-park water-wave fish
a desert with sand dunes = desert
a desert island with a palm tree = desert-island palm-tree
autumn leaves falling = fallen-leaf maple-leaf
spring flowers = cherry-blossom tulip blossom seedling
heavy rain = cloud-with-rain umbrella-with-rain-drops
thunder and lightning = cloud-with-lightning cloud-with-lightning-and-rain high-voltage
a tornado = tornado
a hurricane = cyclone tornado wind-face
a rainbow after the rain = rainbow
snowflakes = snowflake
morning fog = cloud sunrise-over-mountains fog sunrise
a sunny day = sun
sunset over the sea = sunset sunrise water-wave
strong wind = wind-face
melting glaciers = ice snow-capped-mountain
forest fire = fire evergreen-tree deciduous-tree
a seed growing into a plant = seedling potted-plant
roses in a garden = rose potted-plant bouquet
cactus = cactus
wild mushrooms = mushroom
a waterfall = national-park water-wave
an earthquake = mountain derelict-house rock
flooded streets = water-wave cloud-with-rain motorway
drought = desert cactus wilted-flower sun
# environment and energy
recycling plastic bottles = recycling-symbol cup-with-straw
solar panels on the roof = sun
wind turbines = wind-face
a coal power plant = factory oil-drum
nuclear power = radioactive atom-symbol
charging an electric car = automobile electric-plug battery high-voltage
carbon emissions = factory cloud
oil barrels = oil-drum
a gas station = fuel-pump
global warming = thermometer globe-showing-europe-africa factory
saving water = droplet potable-water water-wave
# travel and places
packing a suitcase = luggage
an airplane taking off = airplane airplane-departure
waiting at the airport = airplane-departure airplane luggage
a beach holiday = beach-with-umbrella
camping in a tent = tent camping
a map and a compass = compass world-map
a cruise ship = passenger-ship ship
the Eiffel Tower in Paris = tokyo-tower baguette-bread croissant round-pushpin
the Statue of Liberty = statue-of-liberty
the pyramids of Egypt = desert camel
a castle on a hill = castle
a Japanese temple = shinto-shrine japanese-castle
Mount Fuji = mount-fuji
hotel room = hotel bed bellhop-bell
a road trip = motorway automobile sport-utility-vehicle luggage
hiking in the mountains = hiking-boot mountain snow-capped-mountain
passport control = identification-card luggage airplane passport-control
# city and vehicles
a city skyline = cityscape night-with-stars cityscape-at-dusk
traffic jam = vertical-traffic-light automobile bus
riding the subway = metro
a yellow taxi = taxi
a high speed train = high-speed-train bullet-train
an old steam locomotive = locomotive
a delivery truck = delivery-truck articulated-lorry
a motorcycle = motorcycle
a helicopter = helicopter
a sailboat on the lake = sailboat
container ships = ship
a rocket launch = rocket
a fire truck = fire-engine
traffic lights = vertical-traffic-light
a bridge at night = bridge-at-night
skyscrapers = cityscape office-building
the supermarket = shopping-cart convenience-store department-store
a hospital building = hospital
a bank robbery = detective bank money-bag
a museum = classical-building framed-picture
a bus stop = bus
parking a car = automobile
electric scooters = kick-scooter motor-scooter
# technology
a smartphone screen = mobile-phone
computer code = laptop desktop-computer technologist
artificial intelligence = robot brain
a robot arm in a factory = mechanical-arm robot factory
the internet = globe-with-meridians wireless
social media addiction = mobile-phone speech-balloon
passwords and hackers = locked key unlocked laptop
a satellite in orbit = satellite
wifi router = wireless
video games = video-game joystick
a camera lens = camera
headphones = headphone
an old radio = radio
virtual reality = goggles video-game
batteries = battery
a microchip = laptop desktop-computer gear
cloud storage = cloud desktop-computer
electric current = high-voltage electric-plug
gears in a machine = gear
a search engine = magnifying-glass-tilted-left laptop globe-with-meridians
electric guitar = guitar
3D printing = printer
a telephone from the past = telephone telephone-receiver
# music, art and media
a violin concert = violin
piano keys = musical-keyboard
playing the drums = drum long-drum
a singer on stage = singer studio-microphone microphone
painting on canvas = artist-palette paintbrush framed-picture artist
ballet dancers = ballet-shoes woman-dancing
a movie theater = popcorn clapper-board film-projector movie-camera ticket
a newspaper headline = newspaper
reading a novel = open-book books closed-book
a magician with a top hat = magic-wand top-hat man-mage rabbit
the circus = circus-tent
a photographer = camera
jazz music = musical-notes saxophone trumpet musical-keyboard
poetry = open-book black-nib scroll
theater masks = performing-arts
# money and business
coins and banknotes = coin dollar-banknote euro-banknote
saving money = money-bag nest-with-eggs coin
credit card debt = credit-card bank money-with-wings
the stock market crash = chart-decreasing chart-increasing
rising prices = chart-increasing label shopping-cart money-with-wings receipt
paying taxes = receipt coin money-bag
online shopping = shopping-cart shopping-bags package laptop
a shopping mall = shopping-bags department-store shopping-cart
gold bars = coin gem-stone
diamonds = gem-stone ring
bitcoin = coin link
a startup idea = light-bulb rocket
advertising = megaphone label
a sale with discounts = label shopping-bags shopping-cart
real estate market = house houses chart-increasing key
# science and space
the solar system = ringed-planet sun globe-showing-europe-africa
the moon = full-moon crescent-moon
an astronaut in space = astronaut rocket
a telescope = telescope
black holes = milky-way cyclone
the planet Mars = ringed-planet
a comet = comet shooting-star
stars in the night sky = glowing-star star milky-way night-with-stars
atoms and electrons = atom-symbol
magnets = magnet
gravity and the falling apple = red-apple
aliens = alien flying-saucer
speed of light = light-bulb sun rainbow high-voltage
evolution of humans = dna monkey skull
a fossil = bone t-rex sauropod spiral-shell
time travel = three-oclock hourglass-not-done
# history and society
ancient Rome = classical-building amphora stadium
medieval knights = castle crossed-swords shield
Vikings = shield axe sailboat
pirates and treasure = pirate-flag coin old-key
the Second World War = military-helmet crossed-swords
the king and his crown = crown castle prince
samurai warriors = crossed-swords japanese-castle dagger shinto-shrine ninja
the industrial revolution = factory locomotive gear
an election = ballot-box-with-ballot
justice and law = balance-scale judge
a peace treaty = dove handshake peace-symbol scroll
slavery = chains broken-chain
ancient Greek philosophy = classical-building thought-balloon
democracy = ballot-box-with-ballot classical-building
mummies = desert coffin amphora camel skull
cavemen and fire = fire wood hole rock
the invention of the wheel = wheel
prison = locked chains police-officer locked-with-key key
religion = church candle om
# clothes and beauty
a red dress = dress
running shoes = running-shoe
a winter coat and scarf = coat scarf
blue jeans = jeans
a suit and tie = necktie office-worker
high heels = high-heeled-shoe
sunglasses = sunglasses
lipstick and makeup = lipstick
a haircut at the barber = barber-pole scissors razor
a golden ring = ring
sewing a shirt = thread t-shirt
warm socks = socks
a backpack = backpack
an umbrella = umbrella umbrella-with-rain-drops
# holidays and hobbies
Christmas tree with presents = christmas-tree wrapped-gift santa-claus
Halloween pumpkins = jack-o-lantern
fireworks on new year's eve = fireworks sparkler party-popper
easter eggs = egg rabbit hatching-chick
valentine's day = red-heart rose
a roller coaster = roller-coaster
building a snowman = snowman
flying a kite = kite
a puzzle with missing pieces = puzzle-piece
card games = joker spade-suit
rolling dice = game-die
gardening = potted-plant seedling blossom
collecting stamps = envelope label e-mail postal-horn
a barbecue in summer = fire meat-on-bone cut-of-meat sun
a surprise gift = wrapped-gift
# sentences, as they are spoken
Every morning, millions of people drink coffee before they go to work. = hot-beverage
Sharks have been around for longer than trees. = shark
Your heart beats about a hundred thousand times a day. = anatomical-heart red-heart
Bats find their way in the dark with sound. = bat
Trees talk to each other through a network of fungi in the soil. = deciduous-tree evergreen-tree mushroom seedling globe-with-meridians
Octopuses have three hearts and blue blood. = octopus
Bananas are berries, but strawberries are not. = banana strawberry
The Great Wall is not visible from space. = brick rocket milky-way
Lightning is hotter than the surface of the sun. = cloud-with-lightning high-voltage sun
Compound interest turns small savings into a fortune. = nest-with-eggs money-bag bank chart-increasing coin
The printing press changed the way we read books. = books open-book printer newspaper
Penicillin was discovered because of a mouldy petri dish. = petri-dish pill microbe
Cats sleep up to sixteen hours a day. = cat cat-face zzz bed
An iceberg hides most of its mass under water. = ice water-wave droplet
A good password is long and easy to remember. = locked key shield locked-with-key
The first email was sent in 1971. = e-mail envelope
Your phone has more power than the computers of the moon landing. = mobile-phone rocket laptop desktop-computer full-moon
Chocolate was once used as money by the Aztecs. = chocolate-bar money-bag coin
Plants turn sunlight into sugar. = seedling sun leaf-fluttering-in-wind potted-plant herb
Whales sing songs that travel across oceans. = whale spouting-whale water-wave
# German
frisches Brot = bread baguette-bread
ein Glas Rotwein = wine-glass
die Katze schläft auf dem Sofa = cat cat-face couch-and-lamp
Fußball im Stadion = soccer-ball stadium
Sonnenuntergang am Meer = sunset sunrise water-wave
Die Bienen sammeln Nektar und bestäuben unsere Obstbäume. = honeybee blossom
Das Gehirn verbraucht ein Fünftel unserer Energie. = brain
Geld sparen für die Rente = money-bag nest-with-eggs coin
ein Zug fährt durch die Berge = high-speed-train locomotive railway-car mountain train railway-track
Kinder spielen im Garten = house-with-garden child potted-plant seedling blossom baby teddy-bear
Die Römer bauten Straßen durch ganz Europa. = classical-building motorway
Der Mond umkreist die Erde. = full-moon crescent-moon globe-showing-europe-africa
ein Feuerwehrauto = fire-engine
Weihnachten mit der Familie = christmas-tree santa-claus house-with-garden
Apfelkuchen backen = pie red-apple
# French
une tasse de café = hot-beverage
le chat dort = cat cat-face zzz
un vélo dans la rue = bicycle motorway person-biking
Les abeilles fabriquent du miel. = honeybee honey-pot
Le soleil brille sur la mer. = sun water-wave
Le cœur pompe le sang dans tout le corps. = anatomical-heart red-heart drop-of-blood
un château du Moyen Âge = castle
Les dinosaures ont disparu. = t-rex sauropod dodo
la lune et les étoiles = full-moon crescent-moon star glowing-star
L'argent ne dort jamais. = money-bag coin
une fusée décolle = rocket
la forêt en automne = evergreen-tree deciduous-tree fallen-leaf maple-leaf
# Spanish
un plato de comida = fork-and-knife-with-plate pot-of-food
el perro corre en el parque = dog dog-face
una casa con jardín = house house-with-garden
Los volcanes expulsan lava. = volcano
El corazón late toda la vida. = anatomical-heart red-heart
la guitarra española = guitar
el avión despega = airplane airplane-departure
El dinero no crece en los árboles. = money-bag coin deciduous-tree
un partido de fútbol = soccer-ball american-football stadium
La luna llena ilumina la noche. = full-moon crescent-moon night-with-stars
# Japanese
コーヒーを飲む = hot-beverage
猫が寝ている = cat cat-face
富士山 = mount-fuji
新幹線は速い = high-speed-train bullet-train railway-car
桜の花 = cherry-blossom blossom
地球は太陽の周りを回る。 = globe-showing-europe-africa sun globe-showing-asia-australia
火山が噴火した。 = volcano
お寿司を食べる = sushi
脳は眠らない = brain
お金を貯める = money-bag coin nest-with-eggs
雨の日の傘 = umbrella umbrella-with-rain-drops cloud-with-rain
ロケットが宇宙へ飛ぶ = rocket milky-way
# Italian, Portuguese, Dutch, Polish, Russian, Turkish, Chinese, Korean, Arabic, Hindi
una tazza di caffè = hot-beverage
il cane gioca con la palla = dog dog-face soccer-ball
o gato dorme na cadeira = cat cat-face chair
de fiets staat voor het huis = bicycle house
kot śpi na krześle = cat cat-face chair
Солнце светит над морем. = sun water-wave
Arılar bal yapar. = honeybee honey-pot
咖啡和面包 = hot-beverage bread
고양이가 잠을 잔다 = cat cat-face zzz
القمر يدور حول كوكب الأرض = full-moon globe-showing-europe-africa
सूरज और चाँद = sun full-moon crescent-moon
"""  # noqa: E501, RUF001 - one topic a line, and letters of many languages


@dataclass(frozen=True)
class Topic:
    """A topic and the icons that fit.

    Attributes:
        text: As it stands in a visual query, or is spoken when it ends like a sentence.
        icons: The icons that fit as its main picture.
    """

    text: str
    icons: frozenset[str]

    @property
    def spoken(self) -> bool:
        """Whether it is a sentence of a narration."""
        return self.text.endswith((".", "。"))


def topics() -> list[Topic]:
    """All of them, in their order."""
    lines = (line for line in _TOPICS.splitlines() if line and not line.startswith("#"))
    pairs = (line.split(" = ") for line in lines)
    return [Topic(text, frozenset(icons.split())) for text, icons in pairs]
