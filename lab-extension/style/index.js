import './base.css';
import './what-if.css';
import './wall.css';
import './map.css';
